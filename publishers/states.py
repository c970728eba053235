"""The states of a delivery and the only ways between them (docs/decisions/0003-outbox.md)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from publishers import clock, statements

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


# To delivered straight from a state in which nothing was sent: the post was found on the channel after all
# (a database restored from an older copy, a post that surfaced after it had been given up).
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.SCHEDULED: frozenset({State.DUE, State.CANCELLED, State.DELIVERED}),
    State.DUE: frozenset(
        {State.SENDING, State.CANCELLED, State.FAILED, State.AWAITING_PERSON, State.DELIVERED}
    ),
    State.SENDING: frozenset(
        {
            State.DELIVERED,
            State.CONFIRMED,
            State.UNCONFIRMED,
            State.FAILED,
            State.DUE,
            State.AWAITING_PERSON,
        }
    ),
    # Back to due is the one guarded retry: read back, surely absent.
    State.UNCONFIRMED: frozenset({State.DELIVERED, State.CONFIRMED, State.DUE, State.AWAITING_PERSON}),
    State.DELIVERED: frozenset({State.CONFIRMED, State.AWAITING_PERSON, State.WITHDRAWN}),
    State.CONFIRMED: frozenset({State.AWAITING_PERSON, State.WITHDRAWN}),
    State.AWAITING_PERSON: frozenset(
        {State.DELIVERED, State.DUE, State.CANCELLED, State.WITHDRAWN, State.FAILED}
    ),
    State.FAILED: frozenset({State.DUE, State.CANCELLED, State.DELIVERED}),
    State.CANCELLED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
PUBLIC = (State.DELIVERED, State.CONFIRMED)
"""The post is out."""
OPEN = (State.SCHEDULED, State.DUE, State.SENDING, State.UNCONFIRMED)
"""The system still works on it."""
_CHUNK = 500


class IllegalTransition(ValueError):
    """Code asked for a way that TRANSITIONS does not have."""


def move(
    delivery: "Delivery", to: State, *, lease: str | None = None, actor: str = "", **values: Any
) -> bool:
    """Move ``delivery`` from the state it was read in to ``to``, if the row still is in that state.

    With ``lease``, the row must also still carry that lease: a worker that woke up too late changes nothing.
    ``values`` are further columns and their new, plain values; every move gives the lease back unless a new one
    is among them.
    ``actor`` (a worker's or a person's name) goes into the step's own row, written in the same transaction.
    Returns False when the row had moved on; raises IllegalTransition for a way that does not exist.
    """
    before = State(delivery.state)
    _require(before, to)
    now = clock.now()
    changes = _changes(to, now, values)
    still = {"id": delivery.pk, "state": before} | ({} if lease is None else {"lease_token": lease})
    with transaction.atomic(savepoint=False):
        if statements.update(type(delivery), still, changes) != 1:
            return False
        _append([delivery], before, to, now=now, actor=actor, code=str(values.get("error_code", "")))
    for name, value in changes.items():
        setattr(delivery, name, value)
    return True


def move_all(deliveries: Sequence["Delivery"], to: State, *, actor: str = "", **values: Any) -> None:
    """Move rows that this transaction holds (locked, or on SQLite alone at writing) from one state to ``to``.

    ``values`` may be Plus or Unless (statements); rows in memory get only the plain ones. All must be in the same
    state.
    Raises IllegalTransition, and RuntimeError when a row was not in that state any more.
    """
    if not deliveries:
        return
    (before,) = {State(delivery.state) for delivery in deliveries}
    _require(before, to)
    now = clock.now()
    changes = _changes(to, now, values)
    model = type(deliveries[0])
    with transaction.atomic(savepoint=False):
        for start in range(0, len(deliveries), _CHUNK):
            part = deliveries[start : start + _CHUNK]
            keys = [delivery.pk for delivery in part]
            if statements.update_all(model, keys, {"state": before}, changes) != len(part):
                raise RuntimeError("a delivery moved although its row was held")
        _append(deliveries, before, to, now=now, actor=actor, code=str(values.get("error_code", "")))
    for delivery in deliveries:
        for name, value in changes.items():
            if not isinstance(value, statements.Plus | statements.Unless):
                setattr(delivery, name, value)


def begin(deliveries: Iterable["Delivery"], *, actor: str = "") -> None:
    """Write the first step of new deliveries."""
    from publishers.models import Transition

    now = clock.now()
    Transition.objects.bulk_create(
        (Transition(delivery=row, at=now, after=row.state, actor=actor[:120]) for row in deliveries),
        batch_size=_CHUNK,
    )


def _require(before: State, to: State) -> None:
    if to not in TRANSITIONS[before]:
        raise IllegalTransition(f"{before} → {to}")


def _changes(to: State, now: datetime, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"lease_token": "", "lease_until": None, "state": to, "updated_at": now, **values}


def _append(
    deliveries: Sequence["Delivery"], before: State, to: State, *, now: datetime, actor: str, code: str
) -> None:
    from publishers.models import Transition

    step = {"at": now, "before": before, "after": to, "actor": actor[:120], "code": code[:60]}
    rows = [{"delivery": row.pk, **step} for row in deliveries]
    for start in range(0, len(rows), _CHUNK):
        statements.insert(Transition, rows[start : start + _CHUNK])
