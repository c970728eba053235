"""Operators are told of new tasks, reminded, and in the end somebody else is told."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cms.users.roles import Role
from publishers.assisted.links import operator_link
from publishers.models import AssistedTask
from publishers.quiet import quiet_until
from publishers.states import State

logger = logging.getLogger(__name__)

MOST = 500


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many tasks were told, reminded of and escalated in one run."""

    told: int
    reminded: int
    escalated: int


def remind(now: datetime) -> Reminded:
    """One run, for the watch to call every half minute. A mail server that fails holds nobody else up."""
    with override(settings.LANGUAGE_CODE):
        rows = AssistedTask.objects.filter(
            done_at__isnull=True, delivery__state=State.AWAITING_PERSON, operator__isnull=False
        ).select_related("operator", "delivery__channel", "delivery__release__page")
        waiting = [task for task in rows[:MOST] if not _quiet(task, now)]
        return Reminded(
            _tell([t for t in waiting if t.notified_at is None], "notified_at", now),
            _tell([t for t in waiting if _due(t, t.reminded_at, _remind_after(t), now)], "reminded_at", now),
            _escalate([t for t in waiting if _due(t, t.escalated_at, _escalate_after(t), now)], now),
        )


def _quiet(task: AssistedTask, now: datetime) -> bool:
    delivery = task.delivery
    return quiet_until(delivery.channel, now, urgent=delivery.urgent) is not None


def _due(task: AssistedTask, already: datetime | None, seconds: float, now: datetime) -> bool:
    return already is None and now - task.created_at >= timedelta(seconds=seconds)


def _remind_after(task: AssistedTask) -> float:
    return float(settings.ASSISTED_REMIND_URGENT if task.delivery.urgent else settings.ASSISTED_REMIND)


def _escalate_after(task: AssistedTask) -> float:
    return float(settings.ASSISTED_ESCALATE_URGENT if task.delivery.urgent else settings.ASSISTED_ESCALATE)


def _tell(tasks: Iterable[AssistedTask], column: str, now: datetime) -> int:
    """One e-mail per operator, whatever the number of their groups."""
    by_operator: dict[int, list[AssistedTask]] = defaultdict(list)
    for task in tasks:
        by_operator[task.operator_id or 0].append(task)
    told = 0
    for mine in by_operator.values():
        operator = mine[0].operator
        if operator is None or (
            operator.email and not _mail([operator.email], _subject(mine), _letter(mine))
        ):
            continue
        AssistedTask.objects.filter(pk__in=[task.pk for task in mine]).update(**{column: now})
        told += len(mine)
    return told


def _escalate(tasks: list[AssistedTask], now: datetime) -> int:
    if not tasks:
        return 0
    administrators = get_user_model().objects.filter(groups__name=Role.ADMINISTRATOR.value, is_active=True)
    everybody = list(administrators.exclude(email="").values_list("email", flat=True)[:50])
    escalated = 0
    for task in tasks:
        operator = task.operator
        told = [*everybody, *([operator.supervisor_email] if operator and operator.supervisor_email else [])]
        text = _("“%(title)s” (%(code)s) was not posted on “%(channel)s” by %(operator)s.\n\n%(url)s") % {
            "title": task.delivery.release.page.title,
            "code": task.delivery.release.reference,
            "channel": task.delivery.channel,
            "operator": operator,
            "url": f"{settings.PUBLIC_URL}{reverse('publishers:release', args=[task.delivery.release_id])}",
        }
        subject = _("Not posted yet: %s") % task.delivery.channel
        if told and not _mail(told, subject, text):
            continue
        AssistedTask.objects.filter(pk=task.pk).update(escalated_at=now)
        escalated += 1
    return escalated


def _subject(tasks: list[AssistedTask]) -> str:
    urgent = any(task.delivery.urgent for task in tasks)
    text = ngettext(
        "A warning to post in %(count)d group", "Warnings to post in %(count)d groups", len(tasks)
    )
    return (_("URGENT: %s") if urgent else "%s") % (text % {"count": len(tasks)})


def _letter(tasks: list[AssistedTask]) -> str:
    operator = tasks[0].operator
    assert operator is not None  # noqa: S101  the query asked for it
    lines = [f"- {task.delivery.channel}: {task.delivery.release.page.title}" for task in tasks]
    return "\n".join(
        [
            _("Please post this in your groups and press “Sent” afterwards:"),
            "",
            *lines,
            "",
            operator_link(operator),
            "",
            _("The link is meant for you alone; do not pass it on."),
        ]
    )


def _mail(to: list[str], subject: str, text: str) -> bool:
    try:
        for address in to:
            send_mail(subject, text, None, [address])
    except Exception as error:
        # Told again with the next run.
        logger.warning("An operator could not be told: %s", type(error).__name__)
        return False
    return True
