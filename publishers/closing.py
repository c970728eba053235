"""«Đính chính» and «Thu hồi» stay open until every channel is closed; a clock runs from the decision to the last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from publishers import scheduling
from publishers.models import Delivery, Release, Schedule
from publishers.states import State

CLOSED: Final = (State.CONFIRMED, State.DELIVERED, State.WITHDRAWN, State.CANCELLED)
"""A channel shows the change, or a person gave it up and said why."""
_DATED_BACK: Final = timedelta(days=1)
"""A signature so much older than its rows was set back (demo content): nobody decided then."""
KINDS: Final = (Release.Kind.CORRECTION, Release.Kind.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a correction or withdrawal takes to reach every channel."""

    release: Release
    began: datetime
    """The decision; of a scheduled release the time at which it was published."""
    channels: int
    open: int
    last_closed: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether some channel is not closed."""
        return self.open > 0

    @property
    def closed(self) -> int:
        """How many channels are."""
        return self.channels - self.open

    @property
    def ended(self) -> datetime | None:
        """When the last channel was closed; None while one is open."""
        return None if self.is_open else self.last_closed

    @property
    def due(self) -> datetime:
        """When the alarm is raised if a channel is still open."""
        allowed = settings.CHANGE_OVERDUE_URGENT if self.release.urgent else settings.CHANGE_OVERDUE
        return self.began + timedelta(seconds=allowed)

    def took(self, now: datetime) -> timedelta:
        """The time on the clock: until the last channel, or until ``now`` while one is open."""
        return max((self.ended or now) - self.began, timedelta(0))

    def shown(self, now: datetime) -> str:
        """``took`` as hours, minutes and seconds."""
        return spoken(self.took(now))

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open for too long."""
        return self.is_open and now >= self.due

    @property
    def title(self) -> str:
        """As it was sealed."""
        return str(self.release.snapshot.get("title", ""))


def spoken(span: timedelta) -> str:
    """12:05:09, with the days before it where there are any."""
    seconds = int(span.total_seconds())
    days, rest = divmod(seconds, 86_400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
    return _("%(days)d days %(time)s") % {"days": days, "time": text} if days else text


def still_open(releases: QuerySet[Release] | None = None) -> list[Clock]:
    """The corrections and withdrawals with an open channel, the longest running first.

    What waits for its time of publication has not begun.
    """
    rows = Release.objects.all() if releases is None else releases
    waiting = Delivery.objects.filter(release_id=OuterRef("pk")).exclude(state__in=CLOSED)
    rows = scheduling.begun(rows.filter(Exists(waiting), kind__in=KINDS))
    return clocks(rows.select_related("page", "approved_by", "schedule").order_by("sealed_at", "pk"))


def clock_of(release: Release) -> Clock | None:
    """The clock of ``release``; None for a publication, and for what has not begun."""
    if release.kind not in KINDS:
        return None
    found = clocks(scheduling.begun(Release.objects.filter(pk=release.pk)).select_related("schedule"))
    return found[0] if found else None


def clocks(releases: Iterable[Release]) -> list[Clock]:
    """The clocks of ``releases``, in two queries."""
    asked = list(releases)
    # What a channel showed first counts, not when it was seen to.
    closed_at = Case(When(delivered_at__isnull=False, then=F("delivered_at")), default=F("updated_at"))
    rows: Any = (
        Delivery.objects.filter(release_id__in=[release.pk for release in asked])
        .order_by()
        .values("release_id")
        .annotate(
            channels=Count("pk"),
            open=Count("pk", filter=~Q(state__in=CLOSED)),
            written=Min("created_at"),
            last=Max(closed_at, filter=Q(state__in=CLOSED)),
        )
    )
    figures = {row["release_id"]: row for row in rows}
    return [
        Clock(
            release,
            _began(release, figures[release.pk]["written"]),
            figures[release.pk]["channels"],
            figures[release.pk]["open"],
            figures[release.pk]["last"],
        )
        for release in asked
        if release.pk in figures
    ]


def _began(release: Release, written: datetime) -> datetime:
    if written - release.sealed_at > _DATED_BACK:
        return written
    schedule: Schedule | None = getattr(release, "schedule", None)
    begun = schedule.settled_at if schedule is not None else None
    return max(release.sealed_at, begun) if begun else release.sealed_at
