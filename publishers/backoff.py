"""How long to wait: pure arithmetic in seconds, no clock and no chance of its own."""

import math
from typing import Final

CAP: Final = 15 * 60.0
"""No wait we choose ourselves is longer."""
LONGEST: Final = 24 * 3600.0
"""No wait a platform asks for is honoured beyond this."""
RATE_LIMIT: Final = 60.0
"""Wait after a throttle that does not say how long."""
EMPTY_LOOKS: Final = 3
"""So many times a post must be absent before it counts as not there."""
FAILED_LOOKS: Final = 20
"""So many times reading back may fail before a person has to look."""


def asked_for(retry_after: float | None, default: float = 0.0) -> float:
    """The seconds a platform asked us to wait, made sane; ``default`` when it named none or nonsense."""
    if retry_after is None or not math.isfinite(retry_after) or retry_after < 0:
        return default
    return min(retry_after, LONGEST)


def retry_delay(attempt: int, base: float, *, draw: float, retry_after: float | None = None) -> float:
    """Seconds before the next attempt, after ``attempt`` (counted from 1) was refused for now.

    Exponential with full jitter: ``draw`` (0 to 1) picks a point between nothing and the growing ceiling,
    so channels that failed together do not come back together. Never shorter than ``retry_after``.
    """
    ceiling = min(CAP, base * 2.0 ** min(max(attempt, 1) - 1, 32))
    return max(asked_for(retry_after), ceiling * min(max(draw, 0.0), 1.0))


def rate_limit_delay(retry_after: float | None) -> float:
    """Seconds to wait after a throttle, at least one."""
    return max(1.0, asked_for(retry_after, RATE_LIMIT))


def look_delay(empty_looks: int, grace: float) -> float:
    """Seconds before the next look, after so many found nothing: the grace, twice and four times it."""
    return min(grace * 2.0 ** min(max(empty_looks, 0), 16), max(grace, CAP))


def failed_look_delay(failures: int, grace: float, *, retry_after: float | None = None) -> float:
    """Seconds before reading back again, after it did not work ``failures`` times (counted from 1)."""
    return max(asked_for(retry_after), look_delay(max(failures, 1) - 1, grace))
