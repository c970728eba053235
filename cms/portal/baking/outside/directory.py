"""A folder: another disk, or one that another machine serves from."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cms.portal.baking.files import PART
from cms.portal.baking.outside.stores import MARKER, ForeignPlace, Item, StoreError


class DirectoryStore:
    """Files below ``root``; what type and lifetime they have is up to the web server that serves them."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def put(self, name: str, item: Item) -> None:
        target = self._root / name
        with _refusals():
            self._claim()
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=PART, dir=target.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(item.data)
                    file.flush()
                    os.fchmod(file.fileno(), 0o644)
                    os.fsync(file.fileno())
                Path(part).replace(target)
            except BaseException:
                Path(part).unlink(missing_ok=True)
                raise

    def remove(self, name: str) -> None:
        with _refusals():
            self._claim()
            (self._root / name).unlink(missing_ok=True)

    def digests(self) -> Iterator[tuple[str, str]]:
        with _refusals():
            self._claim()
            for folder, _folders, names in os.walk(self._root):
                for name in names:
                    file = Path(folder, name)
                    if name.startswith(PART):
                        file.unlink(missing_ok=True)
                    elif name != MARKER:
                        digest = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
                        yield str(file.relative_to(self._root)), digest

    def _claim(self) -> None:
        """Mark an empty folder as ours before anything is written. Raises ForeignPlace."""
        marker = self._root / MARKER
        if not marker.exists():
            self._root.mkdir(parents=True, exist_ok=True)
            # Asked again: another process of ours may have begun between the two questions.
            if any(self._root.iterdir()) and not marker.exists():
                raise ForeignPlace(f"{self._root} holds other files; name an empty folder")
            marker.touch()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{type(error).__name__}: {error.strerror}") from error
