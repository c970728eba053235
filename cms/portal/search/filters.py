"""What narrows a search besides its words: scam type, audience, severity, days of publication."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from cms.portal.search.memory import Memory
from scam_warnings.enums import Severity

_KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIRST_DAY: Final = dt.date(2000, 1, 1)
_LAST_DAY: Final = dt.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty fields narrow nothing. Days are local dates, both included."""

    scam_type: str = ""
    audience: str = ""
    severity: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def __bool__(self) -> bool:
        return self != NO_FILTERS

    def as_query(self) -> str:
        """As part of an address, beginning with “&” unless empty."""
        values = {
            "loai": self.scam_type,
            "doi-tuong": self.audience,
            "muc": self.severity,
            "tu": self.since.isoformat() if self.since else "",
            "den": self.until.isoformat() if self.until else "",
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"&{urlencode(chosen)}" if chosen else ""


NO_FILTERS: Final = Filters()


def parse_filters(asked: Mapping[str, str]) -> Filters:
    """The filters of a query string; what is no key or no date counts as not given."""
    severity = asked.get("muc", "")
    return Filters(
        scam_type=_key(asked.get("loai", "")),
        audience=_key(asked.get("doi-tuong", "")),
        severity=severity if severity in Severity.values else "",
        since=_day(asked.get("tu", "")),
        until=_day(asked.get("den", "")),
    )


def passing(held: Memory, filters: Filters) -> int:
    """The warnings that ``filters`` let through, as bits of ``held``."""
    found = held.everything
    if filters.scam_type:
        found &= held.facet("type", filters.scam_type)
    if filters.severity:
        found &= held.facet("severity", filters.severity)
    if filters.audience:
        found &= held.facet("audience", filters.audience)
    if filters.since or filters.until:
        found &= held.between(filters.since, filters.until)
    return found


def _key(raw: str) -> str:
    return raw if len(raw) <= 60 and _KEY.fullmatch(raw) else ""


def _day(raw: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(raw) if len(raw) == 10 and raw.isascii() else None
    except ValueError:
        return None
    return day if day and _FIRST_DAY <= day <= _LAST_DAY else None
