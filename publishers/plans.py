"""What a release does on each channel: a new post, an edit, a deletion, a further message, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from publishers import registry
from publishers.assignment import ASSISTED
from publishers.contracts import Capabilities, Event, Mode, Operation
from publishers.models import Channel, Delivery
from publishers.registry import PORTAL
from publishers.states import State
from scam_warnings.models import ScamWarningPage

LOCAL: Final = (PORTAL, "feed")
"""Kinds that are part of this installation: every warning goes there, and publishing again is how it changes."""
NOT_OUT: Final = (State.SCHEDULED, State.DUE, State.FAILED, State.CANCELLED, State.WITHDRAWN)
"""States in which nothing of a delivery stands on its channel."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens on one channel."""

    operation: Operation
    event: Event
    follows: Delivery | None = None
    follows_id: int | None = None


def for_release(page: ScamWarningPage, channels: Iterable[Channel], event: Event) -> dict[Channel, Plan]:
    """What an approved version does on each of ``channels``; a channel left out keeps what it shows.

    A correction reaches every channel that carries a post; a mere update changes it where that is possible
    without telling readers twice.
    """
    carried = standing(page)
    plans: dict[Channel, Plan] = {}
    for channel in channels:
        before = carried.get(channel.pk)
        plan = _change(channel, before, event) if before is not None else Plan(Operation.CREATE, event)
        if plan is not None:
            plans[channel] = plan
    return plans


def for_withdrawal(page: ScamWarningPage) -> dict[Channel, Plan]:
    """What a withdrawal does on each channel that carries, or may carry, a post of ``page``."""
    return {
        before.channel: _removal(before)
        for before in sorted(
            standing(page).values(), key=lambda row: (row.channel.sort_order, row.channel.name, row.pk)
        )
    }


def standing(page: ScamWarningPage) -> dict[int, Delivery]:
    """Channel id → the latest delivery of ``page`` that is out there, or may be."""
    rows = (
        Delivery.objects.filter(release__page_id=page.pk)
        .exclude(state__in=NOT_OUT)
        .exclude(state=State.AWAITING_PERSON, error_code=ASSISTED)
        .exclude(release__kind=Event.WITHDRAWAL.value)
        .select_related("channel")
        .order_by("release__number")
    )
    return {row.channel_id: row for row in rows}


def not_begun(page: ScamWarningPage, channels: Iterable[int] | None = None) -> list[Delivery]:
    """Deliveries of ``page`` of which surely nothing is out, held until the transaction ends.

    Only those to ``channels``, if given. A newer release replaces them, a withdrawal ends them. What a worker
    has in its hands is held too, so that it is not given back and taken up again unseen.
    """
    rows = Delivery.objects.filter(release__page_id=page.pk)
    if channels is not None:
        rows = rows.filter(channel_id__in=list(channels))
    held = rows.order_by("pk").select_for_update()
    waiting = (State.SCHEDULED, State.DUE)
    return [
        row
        for row in held
        if row.state in waiting or (row.state == State.AWAITING_PERSON and row.error_code == ASSISTED)
    ]


def _change(channel: Channel, before: Delivery, event: Event) -> Plan | None:
    able = registry.capabilities(channel.kind)
    if channel.kind in LOCAL:
        return Plan(Operation.CREATE, event)
    if able.edit:
        return Plan(Operation.EDIT, event, before, before.pk)
    if event is not Event.CORRECTION:
        return None
    return Plan(_spoken(able, Operation.EDIT), event, before, before.pk)


def _removal(before: Delivery) -> Plan:
    event, able = Event.WITHDRAWAL, registry.capabilities(before.channel.kind)
    if before.channel.kind in LOCAL:
        return Plan(Operation.CREATE, event)
    if able.delete:
        return Plan(Operation.DELETE, event, before, before.pk)
    if able.edit:
        return Plan(Operation.EDIT, event, before, before.pk)
    return Plan(_spoken(able, Operation.DELETE), event, before, before.pk)


def _spoken(able: Capabilities, otherwise: Operation) -> Operation:
    """A further message where it reaches the same readers; else a person does ``otherwise`` by hand."""
    return Operation.CREATE if able.follow_up or able.mode is Mode.ASSISTED else otherwise
