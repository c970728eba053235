"""The worker process: the queue's consumer, the sending threads, and the sweep that misses nothing."""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from huey.consumer import Consumer
from huey.contrib.djhuey import HUEY

from publishers import beats, clock, doorbell
from publishers.claims import expire_leases, promote_scheduled, waiting
from publishers.pool import Pool
from publishers.stopping import StopRequest, end_within

logger = logging.getLogger(__name__)

HEARTBEAT: Final = "worker-heartbeat"
CONSUMER_THREADS: Final = 1
"""It renews the portal; the calls to platforms are not its own."""
PRUNE_SECONDS: Final = 3600.0
LAST_WRITES: Final = 10.0
"""Seconds to write down what the last calls brought."""


class Worker:
    """One process of ``manage.py worker``."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._asked = StopRequest()
        self._pool = Pool(settings.WORKER_THREADS)
        self._doorbell = doorbell.Listener(self._pool.wake)
        self._sweeper = threading.Thread(target=self._sweep_for_ever, name="sweeper", daemon=True)
        self._consumer = _consumer()
        self._started_at = clock.now()
        self._next_prune = time.monotonic() + PRUNE_SECONDS

    def run(self, announce: Callable[[], None]) -> None:
        """Work until SIGTERM or SIGINT; then take up nothing more, finish the calls in flight and return."""
        self._asked.listen()
        self._pool.start()
        self._sweeper.start()
        self._doorbell.start()
        self._consumer.start()
        announce()
        while not self._asked.wait(1.0):
            self._consumer.check_worker_health()
        self._finish()

    def _finish(self) -> None:
        patience = _patience()
        end_within(patience + LAST_WRITES)
        self._stop.set()
        self._consumer.stop_flag.set()
        if not self._pool.stop(patience):
            logger.warning("A call is still in flight; its delivery will be reconciled")
        self._doorbell.stop(LAST_WRITES)
        self._sweeper.join(LAST_WRITES)
        self._consumer.stop(graceful=True)
        self._leave()

    def _leave(self) -> None:
        try:
            beats.end("worker")
        except DatabaseError as error:
            # Then it counts as silent, like one that was killed.
            logger.warning("The last sign of life could not be taken back: %s", type(error).__name__)

    def _sweep_for_ever(self) -> None:
        while not self._stop.is_set():
            try:
                self._sweep()
            except Exception:
                logger.exception("The sweep stumbled; it goes on")
                connection.close()
            finally:
                close_old_connections()
            self._stop.wait(settings.PUBLISH_POLL)

    def _sweep(self) -> None:
        now = clock.now()
        expire_leases(now)
        promote_scheduled(now)
        if waiting(now):
            self._pool.wake()
        beat(now.isoformat())
        beats.beat("worker", self._started_at, now)
        if time.monotonic() >= self._next_prune:
            self._next_prune = time.monotonic() + PRUNE_SECONDS
            # The backend keeps one row per task for ever, and nobody reads them.
            self._consumer.huey.storage.flush_results()


class _QuietConsumer(Consumer):
    """The process has its own signal handlers."""

    def _set_signal_handlers(self) -> None:
        return


def heartbeat_path() -> Path:
    """The file every sweep rewrites: its age says whether a worker lives."""
    return Path(settings.VAR_DIR) / HEARTBEAT


def heartbeat_age(now: float | None = None) -> timedelta | None:
    """How long ago a worker of this machine swept last; None if never."""
    try:
        written = heartbeat_path().stat().st_mtime
    except OSError:
        return None
    return timedelta(seconds=max(0.0, (time.time() if now is None else now) - written))


def beat(text: str, name: str = HEARTBEAT) -> None:
    """Rewrite a heartbeat file atomically."""
    path = Path(settings.VAR_DIR) / name
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(f"{os.getpid()} {text}\n", encoding="ascii")
    fresh.replace(path)


def _patience() -> float:
    """Seconds the calls in flight may take: a delivery makes two at most, the upload and the post."""
    call: float = settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT
    return 2 * call + 2


def _consumer() -> Consumer:
    autodiscover_modules("tasks")
    return _QuietConsumer(
        HUEY,
        workers=CONSUMER_THREADS,
        initial_delay=0.1,
        max_delay=5.0 if HUEY.storage.blocking else 1.0,
        scheduler_interval=1,
        shutdown_timeout=_patience(),
    )
