"""How far a renewal of everything came, so that one that was killed goes on where it was."""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Final

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from cms.portal.baking import state
from scam_warnings.agency import AgencySettings

GOOD_FOR: Final = 3600
"""Seconds after which an interrupted renewal is begun anew."""
_NAME: Final = "renewal"
_STAND_ON_EVERY_PAGE: Final = (".html", ".mo", ".py", ".json", ".css", ".js")


class Journal:
    """The paths an interrupted renewal had done, and the file that notes those of this one."""

    def __init__(self, file: IO[bytes] | None, done: frozenset[str]) -> None:
        self._file = file
        self.done = done

    def note(self, path: str) -> None:
        """``path`` stands as it should."""
        if self._file is not None:
            self._file.write(f"{path}\n".encode())
            # Not to the disk: only the end of this process must not lose it.
            self._file.flush()


@contextmanager
def kept() -> Iterator[Journal]:
    """The journal of the renewal that runs in the block; empty for a second one at the same time.

    It is thrown away when the block ends well, and taken up by the next renewal when it does not.
    """
    with (state.folder() / _NAME).open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield Journal(None, frozenset())
            return
        done = _done(file)
        if done is None:
            file.truncate(0)
            file.write(f"{_generation()} {int(time.time())}\n".encode())
            file.flush()
        yield Journal(file, done or frozenset())
        file.truncate(0)


def is_running() -> bool:
    """Whether a renewal of everything runs right now, in any process."""
    with (state.folder() / _NAME).open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _done(file: IO[bytes]) -> frozenset[str] | None:
    file.seek(0)
    head, _newline, rest = file.read().decode("utf-8", "replace").partition("\n")
    generation, _space, begun = head.partition(" ")
    if generation != _generation() or not begun.isdecimal() or not 0 <= time.time() - int(begun) < GOOD_FOR:
        return None
    # What follows the last line's end was not written whole.
    return frozenset(rest.split("\n")[:-1])


def _generation() -> str:
    """Changes with all that stands on every page: the program, the settings, the agency's data, the day."""
    row = AgencySettings.load()
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    agency = {field.attname: getattr(row, field.attname) for field in fields}
    told = (_program(), settings.PUBLIC_URL, settings.PRACTICE, timezone.localdate(), sorted(agency.items()))
    return hashlib.sha256(repr(told).encode()).hexdigest()


@cache
def _program() -> str:
    """The files of this installation's own apps as they are: an upgrade changes one of them at least."""
    own = [Path(config.path) for config in apps.get_app_configs() if "site-packages" not in config.path]
    digest = hashlib.sha256()
    for folder in sorted(own):
        for where, _folders, names in sorted(os.walk(folder)):
            for name in sorted(names):
                if name.endswith(_STAND_ON_EVERY_PAGE):
                    stat = Path(where, name).stat()
                    digest.update(f"{where}/{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
