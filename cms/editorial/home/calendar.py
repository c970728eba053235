"""The calendar page: a month as a grid on a desk, as a list on a phone; Monday first."""

import re
from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_GET

from cms.editorial.home.entries import Entry, between

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
FOLDED: Final = 3
"""Entries of a day that stand open; a day with more folds the rest."""


@dataclass(slots=True)
class Day:
    """One square of the grid."""

    date: date
    in_month: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)

    @property
    def first(self) -> list[Entry]:
        """What stands open."""
        return self.entries if len(self.entries) <= FOLDED + 1 else self.entries[:FOLDED]

    @property
    def rest(self) -> list[Entry]:
        """What is folded."""
        return self.entries[len(self.first) :]


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """One month, ``?thang=2026-11``; anything else shows the month it is."""
    today = timezone.localdate()
    asked = _MONTH.fullmatch(request.GET.get("thang", ""))
    first = date(int(asked[1]), int(asked[2]), 1) if asked else today.replace(day=1)
    days = [
        Day(day, day.month == first.month, day == today)
        for day in Calendar(firstweekday=0).itermonthdates(first.year, first.month)
    ]
    by_date = {day.date: day for day in days}
    found = between(request.user, days[0].date, days[-1].date)
    for entry in found:
        by_date[entry.day].entries.append(entry)
    following = (first + timedelta(days=31)).replace(day=1)
    return render(
        request,
        "editorial/home/calendar.html",
        {
            "first": first,
            "this_month": today.replace(day=1),
            "previous": (first - timedelta(days=1)).replace(day=1),
            "next": following,
            "days": days,
            "weekdays": [WEEKDAYS[number] for number in range(7)],
            "is_empty": not any(day.entries for day in days if day.in_month),
        },
    )
