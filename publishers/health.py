"""Is the queue moving? The publisher part of the readiness probe."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from publishers import beats, clock
from publishers.claims import ready
from publishers.models import Attempt
from publishers.states import State

STUCK: Final = timedelta(minutes=5)
LEAST_FREE: Final = 16 * 2**20
"""Bytes on the disk of VAR_DIR below which nothing can be counted on."""
PATIENCE: Final = 5000
"""Milliseconds the database may take for one answer here, where it can be told."""


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, the disk has room, a worker lives and what is due is sent.

    Else 503 with the figures.
    """
    try:
        with _soon():
            report, well = _report(clock.now())
    except DatabaseError:
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok" if well else "not ready", **report}, status=200 if well else 503)


def queue_age(now: datetime) -> float:
    """Seconds the longest waiting delivery has been due on a channel that takes something; 0 when none waits."""
    due = ready(now).filter(state=State.DUE).order_by()
    oldest: datetime | None = due.aggregate(oldest=Min("next_attempt_at"))["oldest"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def _report(now: datetime) -> tuple[dict[str, Any], bool]:
    age = queue_age(now)
    worker, watch = _age("worker", now), _age("watch", now)
    # A worker that cannot write gives no sign either: a full disk, a locked database. A fresh installation
    # whose worker has not started yet has nothing to be late with.
    silent = Attempt.objects.exists() if worker is None else worker > beats.SILENT.total_seconds()
    free = _free()
    report = {
        "queue_age_seconds": round(age, 1),
        "worker_heartbeat_seconds": worker,
        "watch_heartbeat_seconds": watch,
        "disk_free_megabytes": None if free is None else free // 2**20,
    }
    full = free is not None and free < LEAST_FREE
    return report, not silent and not full and age <= STUCK.total_seconds()


def _free() -> int | None:
    """Bytes left for uploads, pages and a database file; None where the folder cannot be asked."""
    try:
        return shutil.disk_usage(settings.VAR_DIR).free
    except OSError:
        return None


@contextmanager
def _soon() -> Iterator[None]:
    """A probe that waits for a locked table tells nobody anything. SQLite's readers wait for no writer."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
        yield


def _age(role: str, now: datetime) -> float | None:
    seen = beats.last(role)
    return round(max(0.0, (now - seen).total_seconds()), 1) if seen else None
