"""The transition table is the only way, and the database refuses what contradicts itself."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

import pytest

from publishers.models import Attempt, Delivery
from publishers.states import TRANSITIONS, IllegalTransition, State, move
from tests.publishers import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("remote")]


def valid(state: State) -> dict[str, Any]:
    """Columns with which a row may be in ``state``."""
    now = timezone.now()
    values: dict[str, Any] = {"state": state, "next_attempt_at": None, "remote_id": "", "delivered_at": None}
    if state in {State.SCHEDULED, State.DUE, State.UNCONFIRMED}:
        values["next_attempt_at"] = now
    if state == State.SENDING:
        values |= {"lease_token": "t", "lease_until": now}
    if state in {State.DELIVERED, State.CONFIRMED, State.WITHDRAWN}:
        values |= {"remote_id": "p1", "delivered_at": now}
    if state == State.CONFIRMED:
        values["confirmed_at"] = now
    if state in {State.FAILED, State.AWAITING_PERSON}:
        values["error_code"] = "x"
    return values


def test_every_way_in_the_table_is_open_and_every_other_one_is_refused():
    delivery = outbox.delivery()
    for start in State:
        for end in State:
            Delivery.objects.filter(pk=delivery.pk).update(
                **{"lease_token": "", "lease_until": None, "error_code": "", "confirmed_at": None}
                | valid(start)
            )
            delivery.refresh_from_db()
            if end in TRANSITIONS[start]:
                assert move(delivery, end, **valid(end) | {"state": end})
                assert Delivery.objects.get(pk=delivery.pk).state == end
            else:
                with pytest.raises(IllegalTransition):
                    move(delivery, end)
                assert Delivery.objects.get(pk=delivery.pk).state == start


def test_a_move_from_a_state_the_row_has_left_changes_nothing():
    delivery = outbox.delivery()
    stale = Delivery.objects.get(pk=delivery.pk)
    assert move(delivery, State.CANCELLED, next_attempt_at=None)
    assert not move(stale, State.SENDING, lease_token="t", lease_until=timezone.now())
    assert Delivery.objects.get(pk=delivery.pk).state == State.CANCELLED


def test_a_worker_without_the_lease_changes_nothing():
    delivery = outbox.delivery(**valid(State.SENDING))
    assert not move(delivery, State.FAILED, lease="another", error_code="x")
    assert Delivery.objects.get(pk=delivery.pk).state == State.SENDING


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ("posted", {}),
        (State.DELIVERED, {"remote_id": ""}),
        (State.DELIVERED, {"delivered_at": None}),
        (State.WITHDRAWN, {"remote_id": ""}),
        (State.CONFIRMED, {"confirmed_at": None}),
        (State.DUE, {"remote_id": "p1"}),
        (State.FAILED, {"remote_id": "p1"}),
        (State.UNCONFIRMED, {"delivered_at": timezone.now()}),
        (State.CANCELLED, {"remote_id": "p1"}),
        (State.FAILED, {"error_code": ""}),
        (State.AWAITING_PERSON, {"error_code": ""}),
        (State.SENDING, {"lease_token": ""}),
        (State.SENDING, {"lease_until": None}),
        (State.DUE, {"next_attempt_at": None}),
        (State.SCHEDULED, {"next_attempt_at": None}),
        (State.UNCONFIRMED, {"next_attempt_at": None}),
        (State.FAILED, {"next_attempt_at": timezone.now()}),
        (State.CONFIRMED, {"next_attempt_at": timezone.now()}),
        (State.AWAITING_PERSON, {"next_attempt_at": timezone.now()}),
    ],
)
def test_the_database_refuses_a_contradictory_row(state, wrong):
    base = valid(State(state)) if state in State.values else {"state": state}
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.delivery(**base | wrong)


@pytest.mark.parametrize("state", list(State))
def test_the_database_takes_a_consistent_row(state):
    assert outbox.delivery(**valid(state)).pk


def test_one_payload_per_channel_and_numbered_attempts():
    delivery = outbox.delivery()
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.delivery(delivery.channel, of=delivery.release)
    row = {"delivery": delivery, "number": 1, "action": "send", "worker": "w", "started_at": timezone.now()}
    Attempt.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(**row)


def test_ended_rows_are_left_alone_by_the_sweep():
    from publishers.claims import expire_leases, promote_scheduled, ready

    ended = [s for s in State if s not in {State.SCHEDULED, State.DUE, State.SENDING, State.UNCONFIRMED}]
    for state in ended:
        outbox.delivery(**valid(state))
    later = timezone.now() + timedelta(days=30)
    assert (expire_leases(later), promote_scheduled(later), ready(later).count()) == (0, 0, 0)
