"""How close we are to Facebook's limits: what the usage headers of every reply say.

developers.facebook.com/docs/graph-api/overview/rate-limiting: percentages of what is allowed; at 100 calls are
refused. X-App-Usage is about our application, X-Business-Use-Case-Usage about the page's business.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from publishers.contracts import Scope

CLOSE = 90
"""Percent from which on we make room."""
BREATH = 60.0
"""Seconds to make room for."""
FULL = 600.0
"""Seconds to wait at the limit, when the reply does not say how long."""
_MAX_HEADER = 20_000
_SHARES = ("call_count", "total_time", "total_cputime")


def pressure(headers: Mapping[str, str]) -> list[tuple[Scope, float]]:
    """(scope, seconds to make no call) for every limit that is nearly used up; odd headers say nothing."""
    found = []
    app = _parsed(headers.get("X-App-Usage", ""))
    if isinstance(app, dict):
        wait = _wait(app)
        if wait:
            found.append((Scope.PLATFORM, wait))
    waits = [_wait(row) for row in _rows(_parsed(headers.get("X-Business-Use-Case-Usage", "")))]
    longest = max(waits, default=0.0)
    if longest:
        found.append((Scope.ACCOUNT, longest))
    return found


def _parsed(text: str) -> Any:
    if not text or len(text) > _MAX_HEADER:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _rows(parsed: Any) -> Iterator[dict[str, Any]]:
    businesses = parsed.values() if isinstance(parsed, dict) else []
    for rows in businesses:
        if isinstance(rows, list):
            yield from (row for row in rows if isinstance(row, dict))


def _wait(row: Mapping[str, Any]) -> float:
    minutes = _number(row.get("estimated_time_to_regain_access"))
    if minutes > 0:
        return min(minutes * 60.0, 86_400.0)
    share = max(_number(row.get(name)) for name in _SHARES)
    if share >= 100:
        return FULL
    return BREATH if share >= CLOSE else 0.0


def _number(value: Any) -> float:
    return float(value) if type(value) in (int, float) and 0 <= value < 1e9 else 0.0
