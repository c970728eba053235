"""Signs of life of the worker processes of all hosts, and of the watch."""

from datetime import datetime, timedelta
from typing import Final

from publishers.models import WorkerBeat
from publishers.pool import process_name

FORGOTTEN: Final = timedelta(days=1)
EVERY: Final = timedelta(seconds=5)
"""How often a sign is written at most: a sweep each second need not cost a write each second."""
SILENT: Final = 2 * EVERY + timedelta(seconds=3)
"""Two signs are missing, although each was given the time a busy database may take."""
_last: dict[str, datetime] = {}


def beat(role: str, started_at: datetime, now: datetime) -> None:
    """Write that this process lives, at most every EVERY; forget who has been silent for a day."""
    if role in _last and now - _last[role] < EVERY:
        return
    _last[role] = now
    WorkerBeat.objects.update_or_create(
        name=_name(role), defaults={"role": role, "started_at": started_at, "beat_at": now}
    )
    WorkerBeat.objects.filter(beat_at__lt=now - FORGOTTEN).delete()


def end(role: str) -> None:
    """This process ends as it should: it is not missed, only gone. Raises DatabaseError."""
    _last.pop(role, None)
    WorkerBeat.objects.filter(name=_name(role)).delete()


def last(role: str) -> datetime | None:
    """When a process of this role last gave a sign of life; None if none is known."""
    return WorkerBeat.objects.filter(role=role).order_by("-beat_at").values_list("beat_at", flat=True).first()


def silence(beat_at: datetime, now: datetime) -> int:
    """Seconds a process has been silent for; 0 while it lives."""
    return int((now - beat_at).total_seconds()) if now - beat_at > SILENT else 0


def _name(role: str) -> str:
    return f"{role}:{process_name()}"[:80]
