"""How far a long command is, said every now and then."""

import time
from collections.abc import Callable
from typing import Any, Final

EVERY: Final = 2.0
"""Seconds between two lines: a small portal is done before anybody asks."""


def progress(stream: Any, words: str, every: float = EVERY) -> Callable[[int, int], None]:
    """A function that writes ``words`` with ``done`` and ``all`` filled in, at most every ``every`` seconds."""
    last = time.monotonic()

    def tell(done: int, everything: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= every:
            last = now
            stream.write(words % {"done": done, "all": everything})
            stream.flush()

    return tell
