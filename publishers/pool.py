"""The sending threads of a worker process: asleep until woken, then at work until nothing is ready."""

import logging
import os
import socket
import threading
import time

from django.db import close_old_connections, connection

from publishers import dispatch

logger = logging.getLogger(__name__)

_running: "Pool | None" = None


def worker_name() -> str:
    """Who writes an attempt row: host, process and thread."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.current_thread().name}"


def wake_local() -> bool:
    """Wake the pool of this process; False when it has none."""
    if _running is None:
        return False
    _running.wake()
    return True


class Pool:
    """``size`` threads that drain the outbox whenever they are woken."""

    def __init__(self, size: int) -> None:
        self._work = threading.Event()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, name=f"sender-{number}", daemon=True)
            for number in range(1, size + 1)
        ]

    def start(self) -> None:
        """Start the threads and take the wake-ups of this process."""
        global _running  # noqa: PLW0603 - one pool a process, found by the task that wakes it
        for thread in self._threads:
            thread.start()
        _running = self

    def wake(self) -> None:
        """Tell every thread that there may be work."""
        self._work.set()

    def stop(self, seconds: float) -> bool:
        """Take up nothing more and wait up to ``seconds`` for the calls in flight. True when all ended."""
        global _running  # noqa: PLW0603
        _running = None
        self._stop.set()
        self._work.set()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _loop(self) -> None:
        name = worker_name()
        while not self._stop.is_set():
            if not self._work.wait(1.0):
                continue
            self._work.clear()
            try:
                self._drain(name)
            except Exception:
                logger.exception("A sending thread stumbled; the sweep wakes it again")
                connection.close()
            finally:
                close_old_connections()

    def _drain(self, name: str) -> None:
        while dispatch.drain(name, stopping=self._stop.is_set).more:
            close_old_connections()
