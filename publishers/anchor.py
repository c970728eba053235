"""What the processes of one machine leave each other about the time, so that a new one need not trust the wall clock.

A process that starts while the wall clock is wrong has nothing to compare it with. The monotonic clock is the
same for all processes since the machine started: with it, a time that another process believed a moment ago
can be carried on.
"""

import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

NAME: Final = "engine-clock"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def leave(moment: datetime, monotonic: float) -> None:
    """Leave that it was ``moment`` when the monotonic clock showed ``monotonic``. A full disk is no error."""
    boot = _boot()
    if not boot:
        return
    path = Path(settings.VAR_DIR) / NAME
    fresh = path.with_name(f"{NAME}.{os.getpid()}")
    with suppress(OSError):
        fresh.write_text(json.dumps([boot, monotonic, moment.isoformat()]), encoding="ascii")
        fresh.replace(path)


def found(monotonic: float, oldest: float) -> datetime | None:
    """What the time left by another process is now; None when there is none younger than ``oldest`` seconds."""
    try:
        boot, then, moment = json.loads((Path(settings.VAR_DIR) / NAME).read_text(encoding="ascii"))
        age = monotonic - float(then)
        if boot != _boot() or not 0 <= age <= oldest:
            return None
        carried = datetime.fromisoformat(moment) + timedelta(seconds=age)
    except (OSError, ValueError, TypeError, OverflowError):
        return None
    return carried if carried.tzinfo is not None else None


@cache
def _boot() -> str:
    """Which start of the machine this is; empty where it does not say."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
