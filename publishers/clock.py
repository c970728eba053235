"""The time the engine goes by: one for all hosts, and one that a wall clock set wrong does not move.

Leases, schedules and waits of several machines are compared with each other. On PostgreSQL they all use the
database's clock. On SQLite every process is on one machine; there the time runs on with the monotonic clock
from where it was read first, so that a clock set two hours on or back by mistake sends nothing early and holds
nothing up. A process that starts meanwhile goes on from where another left off (anchor.py). A difference that
stays is the new truth after SETTLED seconds.
"""

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, connection, transaction
from django.utils import timezone

from publishers import anchor

logger = logging.getLogger(__name__)

RESYNC: Final = 30.0
"""Seconds between two looks at the reference clock."""
TOLERATED: Final = 5.0
"""Seconds by which the wall clock may be corrected at once (NTP does less)."""
SETTLED: Final = 900.0


class EngineClock:
    """An anchor on the reference clock, carried on by the monotonic one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._anchor: datetime | None = None
        self._read_at = 0.0
        self._odd_since: float | None = None

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        moment = time.monotonic()
        with self._lock:
            known, read_at = self._anchor, self._read_at
        if known is not None and moment - read_at < RESYNC:
            return known + timedelta(seconds=moment - read_at)
        return self._resynced(moment)

    def _resynced(self, moment: float) -> datetime:
        reference, shared = _reference()
        with self._lock:
            carried = self._carried(moment)
            if carried is None and not shared:
                carried = anchor.found(moment, SETTLED)
            if reference is None:
                # The database is away: whoever asks will find out by itself.
                reference = carried or timezone.now()
            elif not shared and carried is not None:
                reference = self._believed(reference, carried, moment)
            self._anchor, self._read_at = reference, moment
        if not shared:
            anchor.leave(reference, moment)
        return reference

    def _carried(self, moment: float) -> datetime | None:
        return self._anchor + timedelta(seconds=moment - self._read_at) if self._anchor else None

    def _believed(self, wall: datetime, carried: datetime, moment: float) -> datetime:
        difference = (wall - carried).total_seconds()
        if abs(difference) <= TOLERATED:
            self._odd_since = None
            return wall
        if self._odd_since is None:
            self._odd_since = moment
            logger.error(
                "The clock of this machine jumped by %+.0f s; deliveries go by the old one", difference
            )
        if moment - self._odd_since < SETTLED:
            return carried
        logger.warning("The clock of this machine stays %+.0f s off; deliveries go by it now", difference)
        self._odd_since = None
        return wall


def _reference() -> tuple[datetime | None, bool]:
    """The reference clock, and whether all hosts share it."""
    if connection.vendor != "postgresql":
        return timezone.now(), False
    if connection.in_atomic_block and connection.needs_rollback:
        return None, True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0], True
    except Error:
        return None, True


_clock = EngineClock()


def now() -> datetime:
    """The engine's time, aware."""
    return _clock.now()
