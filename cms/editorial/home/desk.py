"""One person's work, asked for once a request however many panels show it."""

from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from cms.editorial import content_review, queue
from cms.editorial.home import channels, coming, follow_ups, mine, missed, today, unclosed
from cms.editorial.models import deciding_tasks
from cms.editorial.queue import Waiting
from cms.editorial.stages.follow_ups import FollowUp, to_do_for
from publishers import closing
from scam_warnings.models import WarningIndexPage

_KEPT: Final = "_keng_desk"


class Desk:
    """What the start page knows of ``user``; every list is read when it is first needed."""

    def __init__(self, user: Any, now: datetime) -> None:
        self.user = user
        self.now = now

    @cached_property
    def index(self) -> WarningIndexPage | None:
        """The list of warnings, for those who may add to it."""
        index = WarningIndexPage.objects.first()
        may_add = index is not None and index.permissions_for_user(self.user).can_add_subpage()
        return index if may_add else None

    @cached_property
    def decides(self) -> bool:
        """Whether the person decides on warnings."""
        return queue.decides(self.user)

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What waits for the person's decision."""
        return queue.waiting_for(self.user) if self.decides else []

    @property
    def overdue(self) -> list[Waiting]:
        """Of that, what is past its deadline."""
        return [item for item in self.waiting if item.term.is_overdue(self.now)]

    @cached_property
    def signs(self) -> bool:
        """Whether the person approves; whoever does not, only reviews."""
        return any(task.may_decide(self.user) for task in deciding_tasks() if task.signs)

    @property
    def to_sign(self) -> list[Waiting]:
        """Of what waits, what the person's decision releases."""
        return [item for item in self.waiting if item.signs]

    @property
    def to_pass_on(self) -> list[Waiting]:
        """Of what waits, what is to be reviewed and goes on to an approver."""
        return [item for item in self.waiting if not item.signs]

    @cached_property
    def only_reviews(self) -> bool:
        """Whether the list of what waits is one of reviews, not of signatures."""
        return not self.signs or (bool(self.waiting) and not self.to_sign)

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """Follow-up reviews the person can do."""
        return to_do_for(self.user) if self.decides else []

    @cached_property
    def unresolved(self) -> list[FollowUp]:
        """What follow-up reviews asked for that has not come yet."""
        return follow_ups.unresolved_for(self.user) if self.decides else []

    @cached_property
    def written(self) -> list[mine.Mine]:
        """What the person wrote and nobody approved yet."""
        return mine.written_by(self.user) if self.index is not None else []

    @cached_property
    def sees_deliveries(self) -> bool:
        """Whether the person may see what became of releases."""
        return bool(self.user.has_perm("publishers.view_delivery"))

    @cached_property
    def releases(self) -> list[today.Published]:
        """What was released today."""
        return today.released_on(self.user, timezone.localdate(self.now)) if self.sees_deliveries else []

    @cached_property
    def troubled(self) -> int:
        """Deliveries of any day that need a person."""
        return today.troubled(self.user) if self.sees_deliveries else 0

    @cached_property
    def connects(self) -> bool:
        """Whether the person looks after accounts."""
        return bool(self.user.has_perm("publishers.change_credential"))

    @cached_property
    def ending(self) -> list[channels.Ending]:
        """Accounts that must be reconnected soon."""
        return channels.ending(self.user, self.now) if self.connects else []

    @property
    def today(self) -> date:
        """The local day."""
        return timezone.localdate(self.now)

    @cached_property
    def missed(self) -> list[missed.Missed]:
        """Publications that missed their time."""
        return missed.missed(self.user) if self.decides or self.sees_deliveries else []

    @cached_property
    def unclosed(self) -> list[closing.Clock]:
        """Corrections and withdrawals with an open channel."""
        return unclosed.unclosed(self.user) if self.sees_deliveries else []

    @property
    def timed_unclosed(self) -> list[dict[str, Any]]:
        """The same, with what their clocks show now."""
        return [
            {"clock": clock, "shown": clock.shown(self.now), "overdue": clock.is_overdue(self.now)}
            for clock in self.unclosed
        ]

    @cached_property
    def to_review(self) -> list[content_review.Due]:
        """Public warnings the person's units have to look at again soon."""
        return content_review.for_person(self.user, self.today) if self.index is not None else []

    @cached_property
    def coming(self) -> list[Any]:
        """What the calendar holds for the next days."""
        return coming.next_entries(self.user, timezone.localdate(self.now))


def of(request: HttpRequest) -> Desk:
    """The desk of whoever asks, kept for this request."""
    desk: Desk | None = getattr(request, _KEPT, None)
    if desk is None:
        desk = Desk(request.user, timezone.now())
        setattr(request, _KEPT, desk)
    return desk
