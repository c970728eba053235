"""Follow-up reviews that nobody does: people are reminded four hours before the end, and an alarm stands after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.editorial.letters import send_once
from cms.editorial.stages import follow_ups
from cms.editorial.stages.follow_ups import FollowUp
from cms.users import memberships
from publishers.models import Notice
from publishers.watch import notices

BEFORE: Final = timedelta(hours=4)
_PREFIX: Final = "follow-up:"


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many letters left in one run, and how many reviews are overdue."""

    reminded: int
    overdue: int


def remind(now: datetime) -> Reminded:
    """One run, for the watch: whoever could do it is told once, administrators when it is overdue."""
    with override(settings.LANGUAGE_CODE):
        rows = list(follow_ups.still_open())
        reminded = sum(_remind(row, now) for row in rows if now >= row.due_at - BEFORE)
        late = [row for row in rows if follow_ups.is_overdue(row, now)]
        for row in late:
            _alarm(row)
        _end_others({_key(row) for row in late})
        return Reminded(reminded, len(late))


def _remind(row: FollowUp, now: datetime) -> int:
    step = "late" if now >= row.due_at else "soon"
    subject = (
        _("Follow-up review overdue: %s")
        if step == "late"
        else _("Follow-up review due within four hours: %s")
    )
    return sum(
        send_once(
            person,
            f"{_PREFIX}{step}:{row.pk}",
            now,
            subject=subject % row.title,
            template="editorial/letters/follow_up",
            context={
                "row": row,
                "step": step,
                "link": f"{settings.PUBLIC_URL}{reverse('editorial:follow_up', args=[row.pk])}",
            },
        )
        for person in _people(row, now)
    )


def _people(row: FollowUp, now: datetime) -> Iterable[Any]:
    involved = row.involved.values("pk")
    people = memberships.people_over(row.release.page.unit_id, *follow_ups.ROLES, now=now)
    return people.exclude(pk__in=involved).order_by("pk")


def _alarm(row: FollowUp) -> None:
    notices.tell(
        _key(row),
        _("Follow-up review overdue: %s") % row.title,
        _(
            "“%(title)s” (%(code)s) was approved urgently and should have been reviewed by %(due)s. "
            "Ask a reviewer or approver who had no hand in it to do it."
        )
        % {
            "title": row.title,
            "code": row.release.reference,
            "due": date_format(localtime(row.due_at), "SHORT_DATETIME_FORMAT"),
        },
        reverse("publishers:release", args=[row.release_id]),
    )


def _end_others(standing: set[str]) -> None:
    told = Notice.objects.filter(ended_at__isnull=True, key__startswith=_PREFIX).values_list("key", flat=True)
    for key in list(told):
        if key not in standing:
            notices.end(key)


def _key(row: FollowUp) -> str:
    return f"{_PREFIX}{row.pk}"
