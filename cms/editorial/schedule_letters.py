"""Who may decide is told of a publication that missed its time: once for each time that was missed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.editorial.letters import send_once
from cms.users import memberships
from cms.users.roles import Role
from publishers.models import Schedule


def tell_missed(now: datetime) -> int:
    """One run, for the watch to call every minute. Returns how many letters left."""
    missed = Schedule.objects.filter(state=Schedule.State.MISSED).select_related("release__page")
    rows = list(missed.order_by("publish_at", "pk"))
    if not rows:
        return 0
    with override(settings.LANGUAGE_CODE):
        return sum(
            send_once(
                person,
                f"missed:{row.pk}:{row.publish_at:%Y%m%dT%H%M}",
                now,
                subject=_("Missed its time of publication: %s") % row.release.snapshot.get("title", ""),
                template="editorial/letters/missed",
                context={
                    "schedule": row,
                    "title": row.release.snapshot.get("title", ""),
                    "link": f"{settings.PUBLIC_URL}{reverse('editorial:schedules')}",
                },
            )
            for row in rows
            for person in _approvers(row, now)
        )


def _approvers(row: Schedule, now: datetime) -> Iterable[Any]:
    people = memberships.people_over(row.release.page.unit_id, Role.APPROVER, now=now)
    return people.exclude(email="").order_by("pk")
