"""Any order of calls, replies, crashes and clock jumps: at most one post, and the rows never lie about it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from publishers import backoff
from publishers.claims import Claim, claim_next, expire_leases, promote_scheduled
from publishers.contracts import (
    LookupFailed,
    Message,
    OutcomeUnknown,
    RateLimited,
    Receipt,
    Rejected,
    Temporary,
)
from publishers.dispatch import run_claim
from publishers.models import Attempt, Delivery
from publishers.states import OPEN, State
from tests.publishers import outbox
from tests.publishers.memory import Crash, Remote, memory_kinds

GRACE = django_settings.PUBLISH_GRACE
LEASE = django_settings.PUBLISH_LEASE
OUT = (State.DELIVERED, State.CONFIRMED)
NOT_OUT = (State.FAILED, State.CANCELLED, State.DUE, State.SCHEDULED)


def works(remote: Remote, message: Message) -> Receipt:
    return remote.publish(message)


def shows_late(remote: Remote, message: Message) -> Receipt:
    return remote.publish(message, hidden_for=3 * GRACE)


def temporary(remote: Remote, message: Message) -> Receipt:
    raise Temporary("sau", retry_after=5)


def limited(remote: Remote, message: Message) -> Receipt:
    raise RateLimited("chờ", retry_after=30)


def rejected(remote: Remote, message: Message) -> Receipt:
    raise Rejected("không")


def lost_before(remote: Remote, message: Message) -> Receipt:
    raise OutcomeUnknown("?")


def lost_after(remote: Remote, message: Message) -> Receipt:
    remote.publish(message)
    raise OutcomeUnknown("?")


def odd_error_after(remote: Remote, message: Message) -> Receipt:
    remote.publish(message, hidden_for=GRACE)
    raise KeyError("access_token=hidden")


def no_id_after(remote: Remote, message: Message) -> Receipt:
    remote.publish(message)
    return Receipt("")


def dies_before(remote: Remote, message: Message) -> Receipt:
    raise Crash


def dies_after(remote: Remote, message: Message) -> Receipt:
    remote.publish(message, hidden_for=GRACE)
    raise Crash


def lost_and_hidden(remote: Remote, message: Message) -> Receipt:
    remote.publish(message, hidden_for=5 * GRACE)
    raise OutcomeUnknown("?")


REPLIES = st.sampled_from(
    [
        works,
        shows_late,
        temporary,
        limited,
        rejected,
        lost_before,
        lost_after,
        lost_and_hidden,
        odd_error_after,
        no_id_after,
        dies_before,
        dies_after,
    ]
)


LOOKS = st.sampled_from(
    [None, None, None, None, LookupFailed("x"), RateLimited("x", retry_after=9), ValueError("x")]
)


class Deliveries(RuleBasedStateMachine):
    """One delivery, any number of workers; the model is the platform itself."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds = memory_kinds()
        self.remote = self._kinds.__enter__()
        self.remote.clock = self.clock
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.held: list[Claim] = []
        self.pk = outbox.delivery(now=self.now).pk

    def clock(self) -> datetime:
        return self.now

    def teardown(self) -> None:
        try:
            self.remote.sends.clear()
            self.remote.looks.clear()
            self.settle()
        finally:
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)
            self._kinds.__exit__(None, None, None)

    def settle(self) -> None:
        for _round in range(14):
            self.now += timedelta(seconds=2 * backoff.CAP)
            self.sweep()
            while claim := claim_next("last", self.now):
                run_claim(claim, self.clock)
        row = Delivery.objects.get(pk=self.pk)
        assert row.state not in OPEN, f"{row.state} for ever"
        if row.state == State.AWAITING_PERSON:
            assert row.error_code
        self.never_twice_and_never_wrong()

    @rule(reply=REPLIES, look=LOOKS, late=st.sampled_from([0, 0, 1, LEASE, 900]))
    def work(self, reply: Callable[[Remote, Message], Receipt], look: Exception | None, late: float) -> None:
        """A worker takes what comes next, on time or late."""
        self.start_another_if_ended()
        row = Delivery.objects.get(pk=self.pk)
        self.now = max(self.now, row.next_attempt_at or self.now, row.lease_until or self.now)
        self.now += timedelta(seconds=late)
        self.sweep()
        claim = claim_next("w1", self.now)
        if claim is not None:
            self.run(claim, reply, look)

    def start_another_if_ended(self) -> None:
        if self.state() not in (*OPEN, State.DELIVERED) and not self.held:
            self.settle()
            self.pk = outbox.delivery(now=self.now).pk

    def state(self) -> State:
        return State(Delivery.objects.values_list("state", flat=True).get(pk=self.pk))

    @rule()
    def hold(self) -> None:
        """A worker claims and is stopped before the call."""
        claim = claim_next("w2", self.now)
        if claim is not None:
            self.held.append(claim)

    @precondition(lambda self: self.held)
    @rule(reply=REPLIES)
    def wake_the_held(self, reply: Callable[[Remote, Message], Receipt]) -> None:
        self.run(self.held.pop(0), reply)

    @rule(effect=st.booleans(), rounds=st.integers(0, 4))
    def stall(self, effect: bool, rounds: int) -> None:
        """The worker is stopped inside the call, others go on, then it wakes with its answer."""

        def send(remote: Remote, message: Message) -> Receipt:
            receipt = remote.publish(message) if effect else None
            self.others_go_on(rounds)
            if receipt is None:
                raise Temporary("không đến nơi")
            return receipt

        claim = claim_next("w1", self.now)
        if claim is not None:
            self.run(claim, send)

    @rule(rounds=st.integers(1, 4))
    def others_go_on(self, rounds: int) -> None:
        """Time enough for an expired lease, three looks and the one retry."""
        for _round in range(rounds):
            self.now += timedelta(seconds=LEASE + 4 * GRACE)
            self.sweep()
            other = claim_next("w3", self.now)
            if other is not None:
                self.run(other, works)

    def sweep(self) -> None:
        expire_leases(self.now)
        promote_scheduled(self.now)

    def run(
        self, claim: Claim, reply: Callable[[Remote, Message], Receipt], look: Exception | None = None
    ) -> None:
        if claim.action == Attempt.Action.SEND:
            self.remote.sends.insert(0, reply)
        elif look is not None:
            self.remote.looks.append(look)
        try:
            run_claim(claim, self.clock)
        except Crash:
            pass
        finally:
            self.remote.looks.clear()
            if reply in self.remote.sends:
                self.remote.sends.remove(reply)

    @invariant()
    def never_twice_and_never_wrong(self) -> None:
        row = Delivery.objects.select_related("release").get(pk=self.pk)
        posts = self.remote.carrying(row.release.reference)
        assert len(posts) <= 1, "posted twice"
        if row.state in OUT:
            assert [post.remote_id for post in posts] == [row.remote_id], "sent, but not there"
        if row.state in NOT_OUT:
            assert not posts, f"{row.state}, but it is there"

    @invariant()
    def a_lease_has_one_open_attempt(self) -> None:
        row = Delivery.objects.get(pk=self.pk)
        if row.lease_token:
            assert row.log.latest("number").outcome == ""


@pytest.mark.django_db
def test_any_history_ends_with_at_most_one_post_and_a_true_state() -> None:
    run_state_machine_as_test(
        Deliveries,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
