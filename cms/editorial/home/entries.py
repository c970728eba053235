"""What stands in the calendar: what was published, corrected or withdrawn, and what is planned."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.editorial import content_review
from cms.editorial.home.today import bounds
from cms.portal import addresses
from cms.portal.models import PublicState, PublishedWarning
from cms.users import scope
from publishers import scheduling
from publishers.models import Release, Schedule
from scam_warnings.models import ScamWarningPage

_RELEASES: Final[dict[str, tuple[str | Promise, str]]] = {
    Release.Kind.PUBLICATION: (_("Published"), "check"),
    Release.Kind.CORRECTION: (_("Corrected"), "edit"),
    Release.Kind.WITHDRAWAL: (_("Withdrawn"), "no-view"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on one day."""

    day: date
    kind: str
    """For the style sheet: publication, correction, withdrawal, expiry …"""
    label: str | Promise
    icon: str
    title: str
    url: str
    at: datetime | None = None
    """None for what lasts the whole day."""


def releases(user: Any, first: date, last: date) -> Iterable[Entry]:
    """What was signed."""
    begins, ends = bounds(first, last)
    inside = user.has_perm("publishers.view_delivery")
    rows = Release.objects.filter(sealed_at__gte=begins, sealed_at__lt=ends).order_by("sealed_at", "pk")
    rows = scope.visible(rows, user)
    for row in rows.values_list("pk", "kind", "sealed_at", "snapshot__title", "snapshot__path"):
        pk, kind, sealed_at, title, path = row
        label, icon = _RELEASES[kind]
        url = reverse("publishers:release", args=[pk]) if inside else addresses.absolute(path)
        yield Entry(timezone.localdate(sealed_at), kind, label, icon, title, url, sealed_at)


def expiries(user: Any, first: date, last: date) -> Iterable[Entry]:
    """Public warnings on the last day they are valid."""
    mine = scope.visible(ScamWarningPage.objects.all(), user)
    rows = PublishedWarning.objects.filter(page__in=mine).exclude(state=PublicState.WITHDRAWN)
    for row in rows.filter(expires_on__range=(first, last)).order_by("expires_on", "title"):
        if row.expires_on is not None:
            yield Entry(
                row.expires_on,
                "expiry",
                _("Valid for the last day"),
                "time",
                row.title,
                addresses.absolute(row.path),
            )


def schedules(user: Any, first: date, last: date) -> Iterable[Entry]:
    """What was signed and waits for its time, or missed it."""
    begins, ends = bounds(first, last)
    mine = scope.visible(Release.objects.all(), user)
    rows = Schedule.objects.filter(
        state__in=scheduling.HELD, publish_at__gte=begins, publish_at__lt=ends, release__in=mine
    )
    url = reverse("editorial:schedules")
    for row in rows.select_related("release").order_by("publish_at", "pk"):
        day = timezone.localdate(row.publish_at)
        title = str(row.release.snapshot.get("title", ""))
        icon = "warning" if row.state == Schedule.State.MISSED else "time"
        yield Entry(day, "schedule", row.get_state_display(), icon, title, url, row.publish_at)


def reviews(user: Any, first: date, last: date) -> Iterable[Entry]:
    """Public warnings on the day they are to be looked at again."""
    for due in content_review.reviews_due(scope.visible(content_review.public(), user), first, last):
        yield Entry(due.on, "review", _("Due for a content review"), "view", due.title, due.url)


# Further kinds of dates are one function each, added here.
SOURCES: Final[tuple[Callable[[Any, date, date], Iterable[Entry]], ...]] = (
    releases,
    expiries,
    schedules,
    reviews,
)
PLANNED: Final = (expiries, schedules, reviews)
"""Those that tell of days to come."""


def between(
    user: Any,
    first: date,
    last: date,
    sources: Iterable[Callable[[Any, date, date], Iterable[Entry]]] = SOURCES,
) -> list[Entry]:
    """Everything from ``first`` to ``last``, both included: one query for each source."""
    found = [entry for source in sources for entry in source(user, first, last)]
    # What lasts the whole day stands before what has a time.
    return sorted(
        found, key=lambda entry: (entry.day, entry.at.timestamp() if entry.at else 0.0, entry.title)
    )
