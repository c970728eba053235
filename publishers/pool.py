"""The sending threads of a worker process: asleep until woken, then at work until nothing is ready."""

import logging
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import close_old_connections, connection
from django.utils.translation import gettext as _

from publishers import clock, dispatch
from publishers.claims import Claim, claim_batch, rehearse
from publishers.outcomes import NotCalled, record

logger = logging.getLogger(__name__)

FRESH_SECONDS: Final = 20.0
"""How often an idle thread sees to its connection."""


def process_name() -> str:
    """Who writes an attempt row, and who gives a sign of life: host and process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def _ready_to_ask() -> None:
    """Open this thread's connection if it is closed or too old, and ask once what a claim asks.

    A new connection to PostgreSQL answers its first questions ten times slower.
    """
    close_old_connections()
    try:
        rehearse(clock.now())
    except Exception as error:
        logger.warning("A sending thread cannot reach the database yet (%s)", type(error).__name__)
        connection.close()


class Pool:
    """``size`` threads that drain the outbox whenever they are woken.

    A thread that wants work takes some along for its neighbours, who are idle or soon will be: one claim
    transaction for all of them costs little more than one for itself.
    """

    def __init__(self, size: int) -> None:
        self._work = threading.Condition()
        self._calls = 0
        """Threads that are asked to look for work and did not come yet."""
        self._stop = threading.Event()
        self._claiming = threading.Lock()
        self._taken: deque[Claim] = deque()
        self._wakes = 0
        self._exhausted_at = -1
        """The wake-up after which nothing was ready any more."""
        self._batch = size
        self._threads = [
            threading.Thread(target=self._loop, name=f"sender-{number}", daemon=True)
            for number in range(1, size + 1)
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Say that there may be work: one thread looks, and calls the others if it finds more than it can do."""
        self._wakes += 1
        self._call(1)

    def stop(self, seconds: float) -> bool:
        """Take up nothing more and wait up to ``seconds`` for the calls in flight. True when all ended."""
        self._stop.set()
        self._call(self._batch)
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._give_back()
        return not any(thread.is_alive() for thread in self._threads)

    def _loop(self) -> None:
        # A claim made by one thread may be run by its neighbour: the process is who works on it.
        name = process_name()
        _ready_to_ask()
        asked_at = time.monotonic()
        while not self._stop.is_set():
            if not self._called(1.0):
                # In a quiet moment, so that what comes next meets a connection that is open and warm.
                if time.monotonic() - asked_at > FRESH_SECONDS:
                    _ready_to_ask()
                    asked_at = time.monotonic()
                continue
            try:
                self._drain(name)
            except Exception:
                logger.exception("A sending thread stumbled; the sweep wakes it again")
                connection.close()

    def _call(self, count: int) -> None:
        with self._work:
            self._calls = min(self._calls + count, self._batch)
            self._work.notify(count)

    def _called(self, seconds: float) -> bool:
        with self._work:
            if not self._work.wait_for(lambda: self._calls, seconds):
                return False
            self._calls -= 1
            return True

    def _drain(self, name: str) -> None:
        while dispatch.drain(name, stopping=self._stop.is_set, claim=self._next).more:
            close_old_connections()

    def _next(self, name: str, now: datetime) -> Sequence[Claim]:
        """The next claim of this thread: one a neighbour took along, or the first of a new batch."""
        with self._claiming:
            # What lies here was claimed a moment ago for a thread that is on its way.
            if not self._taken and self._exhausted_at != self._wakes:
                wakes = self._wakes
                batch = claim_batch(name, now, self._batch)
                self._taken.extend(batch.claims)
                if not batch.more:
                    # All that is ready was looked at: until the next wake-up there is nothing else.
                    self._exhausted_at = wakes
                if len(self._taken) > 1:
                    self._call(len(self._taken) - 1)
            return [self._taken.popleft()] if self._taken else []

    def _give_back(self) -> None:
        """What was taken along and never begun is due again at once, not only when its lease has ended."""
        with self._claiming:
            while self._taken:
                record(
                    self._taken.popleft(),
                    NotCalled(_("The worker was stopped before it began.")),
                    clock.now(),
                )
