"""A disk that is full for one process for a while: SIGUSR1 fills it, SIGUSR2 makes room again.

The limit on the size of files stands in for a small file system, which only root may mount: with it at zero
every write to a file fails, those of SQLite, of the portal's pages and of the log.
"""

import resource
import signal
from types import FrameType

FILL, EMPTY = signal.SIGUSR1, signal.SIGUSR2


def listen() -> None:
    """Take the two signals in this process."""
    signal.signal(FILL, _on_signal)
    signal.signal(EMPTY, _on_signal)


def _on_signal(number: int, frame: FrameType | None) -> None:
    _soft, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0 if number == FILL else most, most))
