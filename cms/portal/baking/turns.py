"""One process at a time changes the portal's folder: the last to render a page knows all that was committed.

A publication is let in between any two pages of a long renewal.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from django.conf import settings

LOCK: Final = ".lock"
WAITING: Final = ".waiting"
"""Held, shared, by everybody who wants the folder soon."""
_POLL: Final = 0.005


class BakeError(Exception):
    """Something stood in the way, mostly a page that could not be rendered; what was public stays."""


class FolderBusy(BakeError):
    """Another process is renewing pages and does not come to an end."""


@contextmanager
def at_once(place: Path | None = None) -> Iterator[Path]:
    """The portal's folder (or ``place``), before everybody who can wait.

    Raises FolderBusy when another process holds it too long: that process may be stopped, and whoever waits for
    it would wait as long.
    """
    root = _ready(place)
    with (root / LOCK).open("ab") as lock:
        with (root / WAITING).open("ab") as waiting:
            _hold(waiting, fcntl.LOCK_SH)
            _hold(lock, fcntl.LOCK_EX)
        yield root


@contextmanager
def in_between(place: Path | None = None) -> Iterator[Path]:
    """The same for one page, as soon as nobody waits who is in a hurry. Raises FolderBusy likewise."""
    root = _ready(place)
    with (root / WAITING).open("ab") as waiting:
        _hold(waiting, fcntl.LOCK_EX)
    with (root / LOCK).open("ab") as lock:
        _hold(lock, fcntl.LOCK_EX)
        yield root


def _ready(place: Path | None) -> Path:
    root = place or Path(settings.PORTAL_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root


def _hold(file: IO[bytes], mode: int) -> None:
    """Lock ``file`` until it is closed."""
    end = time.monotonic() + settings.PORTAL_LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise FolderBusy("another process holds the portal's folder") from None
            time.sleep(_POLL)
        else:
            return
