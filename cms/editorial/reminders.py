"""Approvers are reminded of what is past its deadline; when the same time has passed again, others are told too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.editorial.letters import send_once
from cms.editorial.queue import Waiting, everything_waiting
from cms.editorial.stages.chain import barred_from
from cms.users import memberships
from cms.users.roles import Role


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many letters of each sort left in one run."""

    reminded: int
    escalated: int


def remind(now: datetime) -> Reminded:
    """One run, for the watch to call every minute. Whoever was told of an item's deadline is not told again."""
    with override(settings.LANGUAGE_CODE):
        late = [item for item in everything_waiting() if item.term.is_overdue(now)]
        if not late:
            return Reminded(0, 0)
        reminded = escalated = 0
        for item in late:
            deciders = _deciders(item, now)
            if now < item.term.escalates:
                reminded += _tell(deciders, "overdue", item, now)
            else:
                # The approvers too: nobody else can decide. Whoever was not reminded before is told once, not twice.
                everybody = {user.pk: user for user in (*deciders, *_administrators(item))}
                escalated += _tell(everybody.values(), "escalated", item, now)
        return Reminded(reminded, escalated)


def _tell(people: Iterable[Any], step: str, item: Waiting, now: datetime) -> int:
    subject = _("Overdue for approval: %s") if step == "overdue" else _("Still not decided: %s")
    link = reverse("editorial:review_of_page", args=[item.page.pk])
    context = {
        "item": item,
        "step": step,
        "now": now,
        "link": f"{settings.PUBLIC_URL}{link}",
        "escalates": item.term.escalates,
    }
    return sum(
        send_once(
            person,
            f"{step}:{item.task_state.pk}",
            now,
            subject=subject % item.title,
            template="editorial/letters/overdue",
            context=context,
        )
        for person in people
    )


def _deciders(item: Waiting, now: datetime) -> list[Any]:
    task = item.task_state.task.specific
    people = _reachable(task.deciders(item.page, now))
    return list(people.exclude(pk__in=barred_from(item.task_state, item.page)))


def _administrators(item: Waiting) -> list[Any]:
    return list(_reachable(memberships.people_over(item.page.unit_id, Role.ADMINISTRATOR)))


def _reachable(people: QuerySet[Any]) -> QuerySet[Any]:
    return people.exclude(email="").order_by("pk")
