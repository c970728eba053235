"""Roles that wait for a second administrator, in the daily letter."""

from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from cms.editorial.digest import Line
from cms.users import requests


def line(person: Any, _now: datetime) -> Line:
    """Those ``person`` can decide on."""
    count = sum(not requests.why_not(row, person) for row in requests.waiting(person))
    words = ngettext(
        "%(count)d role waits for your confirmation", "%(count)d roles wait for your confirmation", count
    )
    return Line(count, words % {"count": count})
