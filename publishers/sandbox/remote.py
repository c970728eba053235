"""The remote side as one object: its state, clock, address, files, meters, faults and journal."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from publishers.sandbox.faults import FaultPlan
from publishers.sandbox.state import seeded
from publishers.sandbox.storage import Storage

MAX_JOURNAL = 1_000


class Meter:
    """Counts calls in fixed windows of ``window`` seconds, one count per key."""

    def __init__(self, window: float) -> None:
        self.window = window
        self._started = 0.0
        self._counts: dict[str, int] = {}

    def hit(self, key: str, now: float) -> int:
        """Count one more call for ``key``; returns the calls of this window, this one included."""
        if not 0 <= now - self._started < self.window:
            self._started = now
            self._counts = {}
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]

    def remaining_seconds(self, now: float) -> float:
        """Seconds until the window ends."""
        return max(0.0, self._started + self.window - now)

    def clear(self) -> None:
        """Forget all counts."""
        self._counts = {}


class Remote:
    """Shared by every request thread; hold ``lock`` while reading or changing ``state``."""

    def __init__(self, clock: Callable[[], float], state_file: Path | None) -> None:
        self._clock = clock
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.storage = Storage(state_file)
        self.base_url = ""
        self.zalo_webhook_url = ""
        self.mail_address = ""
        self.faults = FaultPlan()
        self.journal: deque[dict[str, Any]] = deque(maxlen=MAX_JOURNAL)
        self.graph_meter = Meter(3_600)
        self.zalo_meter = Meter(60)
        self.graph_calls = 0
        self.traces = 0
        self.state = self.storage.load() or seeded(clock())

    def now(self) -> float:
        """Unix seconds on the stand-in's clock, shifts included."""
        return self._clock() + self.state.clock_shift

    def machine_now(self) -> float:
        """Unix seconds without the shifts."""
        return self._clock()

    def save(self) -> None:
        """Write the state if it changed."""
        with self.lock:
            self.storage.save(self.state)

    def reset_tokens(self) -> None:
        """Make the seeded tokens good again, posts and messages untouched: a new CMS connects anew."""
        with self.lock:
            fresh = seeded(self.now())
            self.state.facebook_tokens = fresh.facebook_tokens
            self.state.access_tokens = fresh.access_tokens
            self.state.refresh_tokens = fresh.refresh_tokens
            self.state.codes = {}
            self.storage.save(self.state)

    def reset(self) -> None:
        """Back to the seeded world: no posts, no faults, no journal, no clock shift."""
        with self.lock:
            self.state = seeded(self._clock())
            self.faults.clear()
            self.journal.clear()
            self.graph_meter.clear()
            self.zalo_meter.clear()
            self.graph_calls = 0
            self.storage.clear_files()
            self.storage.save(self.state)
