"""A wall clock that jumps under running processes: they read its error from a file beside their database.

Only the wall clock moves, as when somebody sets the time of the machine; the monotonic clock runs on.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

RESYNC = 0.2
"""Seconds between two looks at the wall clock, so that a test need not wait for half a minute."""


def jump(folder: Path, hours: float) -> None:
    """Set the wall clock of the processes with this VAR_DIR wrong by ``hours``."""
    fresh = _file(folder).with_suffix(".new")
    fresh.write_text(str(hours * 3600.0), encoding="ascii")
    fresh.replace(_file(folder))


def follow(folder: Path) -> None:
    """Let this process see those jumps. For its settings: before anything else has taken a clock."""
    from publishers import clock

    now, seconds = timezone.now, time.time
    timezone.now = _shifted(folder, now)
    time.time = lambda: seconds() + _error(folder)
    clock.RESYNC = RESYNC


def _shifted(folder: Path, now: Callable[[], datetime]) -> Callable[[], datetime]:
    return lambda: now() + timedelta(seconds=_error(folder))


def _error(folder: Path) -> float:
    try:
        return float(_file(folder).read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0.0


def _file(folder: Path) -> Path:
    return folder / "wall-clock-error"
