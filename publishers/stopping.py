"""How a process in the foreground is told to stop, and how long it may take to do so."""

import os
import queue
import signal
import threading
from types import FrameType
from typing import Final

LATE: Final = 75  # sysexits.h, EX_TEMPFAIL


class StopRequest:
    """SIGTERM or SIGINT, waited for by the main thread.

    A signal handler runs between any two steps of the main thread, also while that thread holds the lock
    inside ``threading.Event``; setting the event there would wait for itself for ever. The queue used here
    may be entered again by a handler.
    """

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[int] = queue.SimpleQueue()

    def listen(self) -> None:
        """Take the signals of this process. Main thread only."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait up to ``seconds``, or for ever; True once somebody has asked."""
        try:
            self._asked.put(self._asked.get(timeout=seconds))
        except queue.Empty:
            return False
        return True

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked.put(number)


def end_within(seconds: float) -> None:
    """End this process after ``seconds`` even if something in it never returns.

    Whatever it was doing is in the database as begun, so it is taken up as after a crash.
    """
    last = threading.Timer(seconds, os._exit, args=(LATE,))
    last.daemon = True
    last.start()
