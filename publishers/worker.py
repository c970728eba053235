"""The worker process: the queue's consumer, the sending threads, and the sweep that misses nothing."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from huey.consumer import Consumer
from huey.contrib.djhuey import HUEY

from publishers.claims import expire_leases, promote_scheduled, ready
from publishers.pool import Pool

logger = logging.getLogger(__name__)

HEARTBEAT: Final = "worker-heartbeat"
CONSUMER_THREADS: Final = 1
"""It wakes the sending threads and renews the portal; the calls to platforms are not its own."""
PRUNE_SECONDS: Final = 3600.0


class Worker:
    """One process of ``manage.py worker``."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._pool = Pool(settings.WORKER_THREADS)
        self._sweeper = threading.Thread(target=self._sweep_for_ever, name="sweeper", daemon=True)
        self._consumer = _consumer()
        self._next_prune = time.monotonic() + PRUNE_SECONDS

    def run(self, announce: Callable[[], None]) -> None:
        """Work until SIGTERM or SIGINT; then take up nothing more, finish the calls in flight and return."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._pool.start()
        self._sweeper.start()
        self._consumer.start()
        announce()
        while not self._stop.wait(1.0):
            self._consumer.check_worker_health()
        self._finish()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _finish(self) -> None:
        self._consumer.stop_flag.set()
        if not self._pool.stop(_patience()):
            logger.warning("A call is still in flight; its delivery will be reconciled")
        self._sweeper.join(_patience())
        self._consumer.stop(graceful=True)

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
        now = timezone.now()
        expire_leases(now)
        promote_scheduled(now)
        if ready(now).exists():
            self._pool.wake()
        beat(now.isoformat())
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


def beat(text: str) -> None:
    """Rewrite the heartbeat file atomically."""
    path = heartbeat_path()
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(f"{os.getpid()} {text}\n", encoding="ascii")
    fresh.replace(path)


def _patience() -> float:
    """Seconds the calls in flight may take: a delivery makes two at most, the upload and the post."""
    call: float = settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT
    return 2 * call + 2


def _consumer() -> Consumer:
    autodiscover_modules("tasks")
    # A queue that blocks is never polled; there the delay only spaces out the tries to reach it.
    longest = 5.0 if HUEY.storage.blocking else 0.03
    return _QuietConsumer(
        HUEY,
        workers=CONSUMER_THREADS,
        initial_delay=0.01,
        backoff=1.15,
        max_delay=longest,
        scheduler_interval=1,
        shutdown_timeout=_patience(),
    )
