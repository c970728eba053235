"""The watch process: jobs by their own clocks, each apart from the others, beside the workers it watches."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

from publishers import beats, clock, worker
from publishers.assisted import reminders
from publishers.models import WorkerBeat
from publishers.pool import process_name
from publishers.stopping import StopRequest, end_within
from publishers.watch import (
    deadman,
    expiry,
    insights,
    open_changes,
    pictures,
    probes,
    reconcile,
    retention,
    schedules,
    seals,
    trail,
)

logger = logging.getLogger(__name__)

ROLE: Final = "watch"
HEARTBEAT: Final = "watch-heartbeat"
PATIENCE: Final = 10.0
"""Seconds a job may go on after the watch was told to stop."""
ALIVE: Final = timedelta(seconds=30)
"""A watch that was silent for longer does not count: the next oldest takes over."""


@dataclass(slots=True)
class Job:
    """Something begun every ``seconds``."""

    name: str
    seconds: float
    run: Callable[[datetime], object]


JOBS: Final = (
    Job("deadman", 15, deadman.check),
    Job("schedules", 15, schedules.check),
    Job("open-changes", 60, open_changes.check),
    Job("reminders", 30, reminders.remind),
    Job("reconcile", 60, partial(reconcile.reconcile, threads=reconcile.AT_ONCE)),
    Job("probes", 60, probes.probe),
    Job("insights", 60, insights.collect),
    Job("trail", 60, trail.TrailCheck()),
    Job("seals", 60, seals.SealCheck()),
    Job("expiry", 3600, expiry.notice_expiries),
    Job("retention", 3600, retention.forget_events),
    Job("pictures", 3600, pictures.forget_drafts),
)


def jobs() -> tuple[Job, ...]:
    """Those above, and what the apps in settings.WATCH_JOBS add: (name, seconds, dotted path) each."""
    added = (Job(name, seconds, import_string(path)) for name, seconds, path in settings.WATCH_JOBS)
    return (*JOBS, *added)


class Watch:
    """One process of ``manage.py watch``. Every job has a thread of its own: a slow one holds no other up."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        self._stop = threading.Event()
        self._asked = StopRequest()
        self._started_at = clock.now()
        self._threads = [
            threading.Thread(target=self._repeat, args=(job,), name=job.name, daemon=True) for job in jobs
        ]

    def run(self, announce: Callable[[], None]) -> None:
        """Work until SIGTERM or SIGINT."""
        self._asked.listen()
        self._beat()
        for thread in self._threads:
            thread.start()
        announce()
        while not self._asked.wait(5.0):
            self._beat()
        self._stop.set()
        end_within(PATIENCE + 5)
        end = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._leave()

    def _leave(self) -> None:
        try:
            beats.end(ROLE)
        except DatabaseError as error:
            logger.warning("The last sign of life could not be taken back: %s", type(error).__name__)

    def _beat(self) -> None:
        try:
            now = clock.now()
            worker.beat(now.isoformat(), HEARTBEAT)
            beats.beat(ROLE, self._started_at, now)
        except Exception as error:
            logger.warning("The watch could not give its sign of life: %s", type(error).__name__)
        finally:
            close_old_connections()

    def _repeat(self, job: Job) -> None:
        wait = 1.0
        while not self._stop.wait(wait):
            begun = time.monotonic()
            try:
                now = clock.now()
                if _on_duty(now):
                    job.run(now)
            except Exception:
                logger.exception("The job %s stumbled; it is tried again", job.name)
            finally:
                close_old_connections()
            # From beginning to beginning: a job that takes long is not done less often for it.
            wait = max(1.0, job.seconds - (time.monotonic() - begun))


def _on_duty(now: datetime) -> bool:
    """Of several watches, on several machines, the one that has run longest acts."""
    alive = WorkerBeat.objects.filter(role=ROLE, beat_at__gt=now - ALIVE).order_by("started_at", "name")
    first = alive.values_list("name", flat=True).first()
    return first is None or first == f"{ROLE}:{process_name()}"[:80]
