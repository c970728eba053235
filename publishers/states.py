"""The states of a delivery and the only ways between them (docs/decisions/0003-outbox.md)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from publishers.models import Delivery


class State(models.TextChoices):
    """What is known about one payload at one channel."""

    SCHEDULED = "scheduled", _("Scheduled")
    DUE = "due", _("Waiting to be sent")
    SENDING = "sending", _("Sending")
    DELIVERED = "delivered", _("Sent")
    CONFIRMED = "confirmed", _("Sent, seen on the channel")
    UNCONFIRMED = "unconfirmed", _("Outcome unknown, checking")
    AWAITING_PERSON = "awaiting_person", _("Needs a person")
    FAILED = "failed", _("Not sent")
    CANCELLED = "cancelled", _("Cancelled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.SCHEDULED: frozenset({State.DUE, State.CANCELLED}),
    State.DUE: frozenset({State.SENDING, State.CANCELLED, State.FAILED}),
    State.SENDING: frozenset({State.DELIVERED, State.CONFIRMED, State.UNCONFIRMED, State.FAILED, State.DUE}),
    # Back to due is the one guarded retry: read back, surely absent.
    State.UNCONFIRMED: frozenset({State.DELIVERED, State.CONFIRMED, State.DUE, State.AWAITING_PERSON}),
    State.DELIVERED: frozenset({State.CONFIRMED, State.AWAITING_PERSON, State.WITHDRAWN}),
    State.CONFIRMED: frozenset({State.AWAITING_PERSON, State.WITHDRAWN}),
    State.AWAITING_PERSON: frozenset({State.DELIVERED, State.DUE, State.CANCELLED, State.WITHDRAWN}),
    State.FAILED: frozenset({State.DUE, State.CANCELLED}),
    State.CANCELLED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
PUBLIC = (State.DELIVERED, State.CONFIRMED)
"""The post is out."""
OPEN = (State.SCHEDULED, State.DUE, State.SENDING, State.UNCONFIRMED)
"""The system still works on it."""


class IllegalTransition(ValueError):
    """Code asked for a way that TRANSITIONS does not have."""


def move(delivery: "Delivery", to: State, *, lease: str | None = None, **values: Any) -> bool:
    """Move ``delivery`` from the state it was read in to ``to``, if the row still is in that state.

    With ``lease``, the row must also still carry that lease: a worker that woke up too late changes nothing.
    ``values`` are further columns to set; every move gives the lease back unless a new one is in ``values``.
    Returns False when the row had moved on; raises IllegalTransition for a way that does not exist.
    """
    current = State(delivery.state)
    if to not in TRANSITIONS[current]:
        raise IllegalTransition(f"{current} → {to}")
    now: datetime = timezone.now()
    changes = {"lease_token": "", "lease_until": None, "state": to, "updated_at": now} | values
    rows = type(delivery).objects.filter(pk=delivery.pk, state=current)
    if lease is not None:
        rows = rows.filter(lease_token=lease)
    if rows.update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(delivery, name, value)
    return True
