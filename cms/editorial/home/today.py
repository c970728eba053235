"""What was released today, and how far it has come on its channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cms.editorial.home.panel import DeskPanel
from cms.users import scope
from publishers import progress
from publishers.assignment import ASSISTED
from publishers.models import Delivery, Release, Schedule
from publishers.states import State


@dataclass(frozen=True, slots=True)
class Published:
    """One release and its deliveries in figures."""

    release: Release
    progress: progress.Progress

    @property
    def title(self) -> str:
        """As it was sealed."""
        return str(self.release.snapshot.get("title", ""))

    @property
    def troubled(self) -> int:
        """Channels that need a person."""
        counts: Mapping[str, int] = self.progress.counts
        return counts.get(State.FAILED, 0) + counts.get(State.AWAITING_PERSON, 0)


class TodayPanel(DeskPanel):
    """Today's publications with their delivery states."""

    name = "released_today"
    template_name = "editorial/home/today.html"
    order = 130

    def is_shown(self) -> bool:
        return self.desk.sees_deliveries


def released_on(user: Any, day: date) -> list[Published]:
    """The releases of a local day that ``user`` reaches, the latest first; what still waits for its time is none."""
    begins, ends = bounds(day, day)
    at_once = Q(schedule__isnull=True, sealed_at__gte=begins, sealed_at__lt=ends)
    in_time = Q(
        schedule__state=Schedule.State.BEGUN,
        schedule__settled_at__gte=begins,
        schedule__settled_at__lt=ends,
    )
    rows = Release.objects.filter(at_once | in_time).select_related("approved_by")
    releases = list(scope.visible(rows, user, "publishers.view_delivery"))
    figures = progress.of_releases([release.pk for release in releases])
    return [Published(r, figures.get(r.pk, progress.Progress({}))) for r in releases]


def troubled(user: Any) -> int:
    """How many deliveries within reach of ``user`` will not move without a person."""
    return troubled_rows(user, "publishers.view_delivery").count()


def troubled_rows(user: Any, permission: str) -> QuerySet[Delivery]:
    """Those deliveries over which ``user`` has ``permission``, the oldest first.

    What operators post by hand has reminders of its own.
    """
    rows = (
        Delivery.objects.filter(state__in=(State.FAILED, State.AWAITING_PERSON))
        .exclude(state=State.AWAITING_PERSON, error_code=ASSISTED)
        .select_related("channel", "release__page")
        .order_by("updated_at", "pk")
    )
    return scope.visible(rows, user, permission)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of ``first`` to the end of ``last``, in local time."""

    def midnight(day: date) -> Any:
        return timezone.make_aware(datetime.combine(day, time(0)))

    return midnight(first), midnight(last + timedelta(days=1))
