"""A delivery as a person reads it: state in words and sign, when, how often, why, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.users import scope
from publishers import scheduling
from publishers.assignment import ASSISTED
from publishers.models import Delivery, Schedule
from publishers.services import CANCELLABLE, RESENDABLE
from publishers.states import OPEN, State

Person = AbstractUser | AnonymousUser

_SIGNS: Final[dict[State, tuple[str, str]]] = {
    State.SCHEDULED: ("calendar-alt", "waiting"),
    State.DUE: ("time", "waiting"),
    State.SENDING: ("upload", "working"),
    State.UNCONFIRMED: ("help", "doubt"),
    State.DELIVERED: ("check", "done"),
    State.CONFIRMED: ("circle-check", "done"),
    State.AWAITING_PERSON: ("user", "person"),
    State.FAILED: ("warning", "failed"),
    State.CANCELLED: ("cross", "ended"),
    State.WITHDRAWN: ("no-view", "ended"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person may do now."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of deliveries."""

    delivery: Delivery
    label: str
    icon: str
    tone: str
    time: datetime | None
    notes: tuple[str, ...]
    actions: tuple[Action, ...]

    @property
    def is_open(self) -> bool:
        """Whether the system still works on it, so that the line may change by itself."""
        return self.delivery.state in OPEN or self.delivery.next_attempt_at is not None


def of_page(page_id: int) -> QuerySet[Delivery]:
    """All deliveries of a warning, the newest release first."""
    rows = Delivery.objects.filter(release__page_id=page_id).select_related("channel", "release__page")
    return rows.order_by("-release__number", "channel__sort_order", "channel__name", "pk")


def rows(deliveries: Iterable[Delivery], user: Person, back: str) -> list[Row]:
    """Lines for ``deliveries`` as ``user`` may see and change them; actions lead back to ``back``."""
    found = list(deliveries)
    # The deliveries of one table are of one warning, or each brings its warning along.
    units: dict[int, int | None] = {}
    for delivery in found:
        if delivery.release_id not in units:
            units[delivery.release_id] = delivery.release.page.unit_id
    may = {unit: may_change(user, unit) for unit in set(units.values())}
    held = scheduling.of_releases(units)
    leave_out = {units[pk]: scheduling.may_leave_out(user, units[pk]) for pk in held}
    return [
        row(
            delivery,
            may_change=may[units[delivery.release_id]]
            and (delivery.release_id not in held or leave_out[units[delivery.release_id]]),
            back=back,
            held=held.get(delivery.release_id),
        )
        for delivery in found
    ]


def may_change(user: Person, unit_id: int | None) -> bool:
    """Whether ``user`` retries, cancels and confirms deliveries of the warnings of a unit."""
    permission = "publishers.change_delivery"
    return user.has_perm(permission) and scope.reach_for(user, permission).covers(unit_id)


def row(delivery: Delivery, *, may_change: bool, back: str, held: Schedule | None = None) -> Row:
    """One line; ``held`` is the schedule that still holds its release."""
    state = State(delivery.state)
    icon, tone = _SIGNS[state]
    return Row(
        delivery=delivery,
        label=str(state.label),
        icon=icon,
        tone=tone,
        time=_time(delivery, state),
        notes=tuple(_notes(delivery, state, held)),
        actions=tuple(_actions(delivery, state, back)) if may_change else (),
    )


def _time(delivery: Delivery, state: State) -> datetime | None:
    if state in {State.SCHEDULED, State.DUE}:
        return delivery.next_attempt_at
    return delivery.delivered_at or delivery.updated_at


def _notes(delivery: Delivery, state: State, held: Schedule | None) -> Iterable[str]:
    if delivery.error_sentence:
        yield delivery.error_sentence
    channel = delivery.channel
    if delivery.state in OPEN and channel.paused_reason:
        yield _("The channel is paused: %s") % channel.paused_reason
    elif delivery.state in OPEN and not channel.is_active:
        yield _("The channel is not in use, so this waits. Switch it on under Channels.")
    elif state == State.SCHEDULED and held is not None:
        yield _held(held)
    elif state == State.SCHEDULED:
        yield _("Waits until the page on the public portal is there, so that its link works.")
    elif state == State.DUE and delivery.attempts:
        yield _("The system tries again by itself: attempt %(next)d of %(most)d.") % {
            "next": delivery.attempts + 1,
            "most": settings.PUBLISH_MAX_ATTEMPTS,
        }


def _held(schedule: Schedule) -> str:
    if schedule.state == Schedule.State.MISSED:
        return _("Missed its time, %s. An approver decides under “Scheduled publications”.") % (
            scheduling.time_of(schedule.publish_at)
        )
    return _("Scheduled for %s.") % scheduling.time_of(schedule.publish_at)


def _actions(delivery: Delivery, state: State, back: str) -> Iterable[Action]:
    if state in RESENDABLE and not delivery.remote_id and delivery.error_code != ASSISTED:
        yield _action(_("Retry"), "publishers:delivery_resend", delivery, back)
    if state == State.AWAITING_PERSON:
        yield _action(_("Confirm the post"), "publishers:delivery_posted", delivery, back)
    if state in CANCELLABLE and not delivery.remote_id:
        yield _action(_("Cancel"), "publishers:delivery_cancel", delivery, back)


def _action(label: str, name: str, delivery: Delivery, back: str) -> Action:
    return Action(label, f"{reverse(name, args=[delivery.pk])}?{urlencode({'next': back})}")


def context(page_id: int, user: Person, back: str) -> dict[str, Any]:
    """What ``publishers/deliveries_panel.html`` needs."""
    lines = rows(of_page(page_id), user, back)
    return {"rows": lines, "is_open": any(line.is_open for line in lines), "page_id": page_id}
