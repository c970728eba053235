"""Notes that a path changed and somebody outside does not know it yet: written before the change, gone after.

Each is a small file of its own: to note a change costs the same whatever else waits, and a killed process loses none.
"""

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings

from cms.portal.baking import state

STORE: Final = "store"
PURGE: Final = "purge"


def add(path: str) -> None:
    """Note that ``path`` is about to change, for everybody this installation has outside. Raises OSError."""
    for kind in _outside():
        folder = _folder(kind)
        # A name of its own: whoever carries an earlier change takes that one's note away, not this one.
        (folder / f"{_key(path)}.{time.time_ns()}-{os.getpid()}").write_text(path, encoding="ascii")


def waiting(kind: str, only: Iterable[str] | None = None) -> dict[str, list[Path]]:
    """Path → its notes; of the paths ``only``, or of all. Raises OSError."""
    keys = None if only is None else set(map(_key, only))
    found: dict[str, list[Path]] = {}
    if kind not in _outside():
        return found
    for note in sorted(_folder(kind).iterdir()):
        if keys is None or note.name.partition(".")[0] in keys:
            path = note.read_text(encoding="ascii", errors="replace")
            # Killed while it was written: the change it should have told of was never made.
            if path.startswith("/"):
                found.setdefault(path, []).append(note)
            else:
                note.unlink(missing_ok=True)
    return found


def done(notes: Iterable[Path]) -> None:
    """What ``notes`` told of is known outside."""
    for note in notes:
        note.unlink(missing_ok=True)


def _outside() -> list[str]:
    return [
        kind for kind, wanted in ((STORE, settings.PORTAL_STORE), (PURGE, settings.PORTAL_PURGE)) if wanted
    ]


def _folder(kind: str) -> Path:
    folder = state.folder() / kind
    folder.mkdir(exist_ok=True)
    return folder


def _key(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:32]
