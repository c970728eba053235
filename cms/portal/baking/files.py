"""The finished files: where each is, written whole with its compressed siblings, and taken away."""

import gzip
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

import brotli

ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
PART: Final = ".part-"
"""Begins the name of a file that is being written."""
_COMPRESSED: Final = (".html", ".xml", ".txt", ".json", ".csv", ".js", ".svg", ".webmanifest", ".yaml")


def file_for(path: str, root: Path | None = None) -> Path:
    """Where the finished file of ``path`` is, whether it exists or not."""
    relative = f"{path}index.html" if path.endswith("/") else path
    return (root or Path(settings.PORTAL_ROOT)) / relative.lstrip("/")


def siblings(target: Path) -> list[Path]:
    """The names of the compressed files beside ``target``, whether they exist or not."""
    return [target.with_name(target.name + suffix) for suffix in ENCODINGS.values()]


def is_compressed(target: Path) -> bool:
    """Whether ``target`` has compressed siblings."""
    return target.suffix in _COMPRESSED


def is_same(target: Path, body: bytes) -> bool:
    """True when ``target`` stands as a whole and holds ``body``."""
    beside = siblings(target) if is_compressed(target) else []
    try:
        stamp = target.stat().st_mtime_ns
        return target.read_bytes() == body and all(path.stat().st_mtime_ns == stamp for path in beside)
    except OSError:
        return False


def write(target: Path, body: bytes) -> None:
    """Write ``body`` and its compressed forms. Raises OSError; then ``target`` stands as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    stamp = time.time_ns()
    if is_compressed(target):
        # A window no larger than it has to be: the encoder makes ready what it is told, megabytes for a small page.
        window = 16 if len(body) <= 1 << 16 else 22
        _replace(target.with_name(target.name + ".br"), brotli.compress(body, quality=9, lgwin=window), stamp)
        _replace(target.with_name(target.name + ".gz"), gzip.compress(body, 9, mtime=0), stamp)
    # Last: a reader takes the plain file for the truth and ignores siblings of another time.
    _replace(target, body, stamp)


def remove(target: Path) -> bool:
    """Take ``target`` and its siblings away; True when it was there."""
    existed = target.exists()
    # The plain file first: without it no reader looks at the others.
    for file in (target, *siblings(target)):
        file.unlink(missing_ok=True)
    return existed


def path_of(name: str) -> str:
    """The path that the file ``name`` (relative to the folder) answers."""
    return f"/{name.removesuffix('index.html')}" if f"/{name}".endswith("/index.html") else f"/{name}"


def standing(root: Path, below: Iterable[str] = ("",)) -> Iterator[str]:
    """Paths with a finished file, in the folders ``below`` (relative to ``root``) alone."""
    for folder in below:
        for where, _folders, names in os.walk(root / folder):
            for name in names:
                if not name.startswith(".") and not name.endswith(tuple(ENCODINGS.values())):
                    yield path_of(str(Path(where, name).relative_to(root)))


def _replace(target: Path, data: bytes, stamp: int) -> None:
    handle, name = tempfile.mkstemp(prefix=PART, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.utime(file.fileno(), ns=(stamp, stamp))
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
