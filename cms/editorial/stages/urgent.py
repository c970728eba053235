"""The urgent lane: whoever can approve is called at once, by e-mail and by a link the submitter passes on.

The letters leave after the submission is stored, never in its transaction; a letter's row (letters.py) keeps it from
leaving twice. What could not be sent then, the watch sends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail.models import TaskState

from cms.editorial.letters import SentLetter, send_once
from cms.editorial.stages import chain
from cms.editorial.stages.lanes import Lane, Stages
from publishers import clock
from scam_warnings.models import ScamWarningPage

SALT: Final = "editorial.urgent"
LINK_HOLDS: Final = timedelta(hours=24)


class BadLink(Exception):
    """The link is not ours, or has expired."""


@dataclass(frozen=True, slots=True)
class Called:
    """One approver, and when the letter to them left."""

    person: Any
    at: datetime | None


def call_after_commit(task_state: TaskState) -> None:
    """Have the approvers of an item that entered the urgent lane called as soon as it is stored."""
    transaction.on_commit(partial(_call_one, task_state.pk), robust=True)


def call(now: datetime) -> int:
    """One run, for the watch: letters to whoever has not been called for an item in the urgent lane; how many left."""
    return sum(_call(state, now) for state in waiting())


def waiting() -> list[TaskState]:
    """The items in the urgent lane that nobody has decided on."""
    lanes = Lane.objects.filter(stages=Stages.URGENT).values("workflow")
    rows = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__workflow__in=lanes
    ).select_related("workflow_state__requested_by")
    return list(rows.order_by("started_at", "pk"))


def called(task_state: TaskState, now: datetime) -> list[Called]:
    """Everybody who can approve the item, and when they were told by e-mail."""
    page = _page_of(task_state)
    if page is None:
        return []
    sent = dict(SentLetter.objects.filter(key=_key(task_state)).values_list("user_id", "at"))
    return [Called(person, sent.get(person.pk)) for person in _approvers(task_state, page, now)]


def link(task_state: TaskState) -> str:
    """The absolute address for an approver's phone: it opens the review page, after signing in, while it holds."""
    token = signing.dumps(task_state.pk, salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('editorial:urgent_link', args=[token])}"


def opened(token: str) -> int:
    """The id of the task state a link stands for. Raises BadLink."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=LINK_HOLDS))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error


def message(task_state: TaskState) -> str:
    """What the submitter shares with the approvers, for example in Zalo. It names the item, not its content."""
    page = _page_of(task_state)
    words = {
        "code": page.code if page is not None else "",
        "since": date_format(localtime(task_state.started_at), "SHORT_DATETIME_FORMAT"),
        "link": link(task_state),
    }
    return (
        _(
            "URGENT: a scam warning (%(code)s) waits for approval since %(since)s. "
            "Open the link, sign in, then decide: %(link)s"
        )
        % words
    )


def _call_one(task_state_id: int) -> None:
    state = TaskState.objects.select_related("workflow_state__requested_by").filter(pk=task_state_id).first()
    if state is not None and state.status == TaskState.STATUS_IN_PROGRESS:
        _call(state, clock.now())


def _call(state: TaskState, now: datetime) -> int:
    page = _page_of(state)
    if page is None:
        return 0
    people: Iterable[Any] = _approvers(state, page, now)
    with override(settings.LANGUAGE_CODE):
        title = page.draft_title or page.title
        context = {
            "title": title,
            "task_state": state,
            "submitted_by": state.workflow_state.requested_by,
            "link": f"{settings.PUBLIC_URL}{reverse('editorial:review_of_page', args=[page.pk])}",
        }
        return sum(
            send_once(
                person,
                _key(state),
                now,
                subject=_("URGENT, approve now: %s") % title,
                template="editorial/letters/urgent",
                context=context,
            )
            for person in people
        )


def _approvers(state: TaskState, page: ScamWarningPage, now: datetime) -> list[Any]:
    task = state.task.specific
    people = task.deciders(page, now).exclude(pk__in=chain.touched(state, page))
    return list(people.order_by("pk"))


def _page_of(state: TaskState) -> ScamWarningPage | None:
    return ScamWarningPage.objects.filter(pk=int(state.workflow_state.object_id)).first()


def _key(state: TaskState) -> str:
    return f"urgent:{state.pk}"
