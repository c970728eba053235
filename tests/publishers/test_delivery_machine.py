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
CALL = django_settings.PUBLISH_CONNECT_TIMEOUT + django_settings.PUBLISH_READ_TIMEOUT
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


REPLIES = st.sampled_from(
    [works, shows_late, temporary, limited, rejected, lost_before, lost_after, odd_error_after, no_id_after]
    + [dies_before, dies_after]
)


class Deliveries(RuleBasedStateMachine):
    """Two deliveries to two channels; the model is the platform itself."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds = memory_kinds()
        self.remote = self._kinds.__enter__()
        self.remote.clock = self.clock
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.held: list[Claim] = []
        self.stalled: list[Callable[[], None]] = []
        release = outbox.release()
        self.rows = [outbox.delivery(outbox.channel(), of=release, now=self.now).pk]
        self.rows.append(outbox.delivery(outbox.channel(), of=outbox.release(), now=self.now).pk)

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
        for _round in range(40):
            self.now += timedelta(seconds=backoff.CAP)
            self.sweep()
            while claim := claim_next("last", self.now):
                run_claim(claim, self.clock)
        for row in Delivery.objects.filter(pk__in=self.rows):
            assert row.state not in OPEN, f"{row.state} for ever"
            if row.state == State.AWAITING_PERSON:
                assert row.error_code
        self.never_twice_and_never_wrong()

    @rule(reply=REPLIES)
    def work(self, reply: Callable[[Remote, Message], Receipt]) -> None:
        claim = claim_next("w1", self.now)
        if claim is not None:
            self.run(claim, reply)

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

    @precondition(lambda self: self.held)
    @rule()
    def bury_the_held(self) -> None:
        self.held.pop(0)

    @rule(seconds=st.sampled_from([CALL, LEASE, GRACE, 5 * GRACE]), effect=st.booleans())
    def stall(self, seconds: float, effect: bool) -> None:
        """The worker is stopped inside the call, others go on, then it wakes with its answer."""

        def send(remote: Remote, message: Message) -> Receipt:
            receipt = remote.publish(message) if effect else None
            self.now += timedelta(seconds=seconds)
            self.sweep()
            other = claim_next("w3", self.now)
            if other is not None:
                run_claim(other, self.clock)
            if receipt is None:
                raise Temporary("không đến nơi")
            return receipt

        claim = claim_next("w1", self.now)
        if claim is not None:
            self.run(claim, send)

    @rule(error=st.sampled_from([LookupFailed("x"), RateLimited("x", retry_after=9), ValueError("x")]))
    def break_the_next_look(self, error: Exception) -> None:
        if len(self.remote.looks) < 3:
            self.remote.looks.append(error)

    @rule(seconds=st.sampled_from([1, 30, GRACE, LEASE, 3 * GRACE, 900]))
    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        expire_leases(self.now)
        promote_scheduled(self.now)

    def run(self, claim: Claim, reply: Callable[[Remote, Message], Receipt]) -> None:
        if claim.action == Attempt.Action.SEND:
            self.remote.sends.append(reply)
        try:
            run_claim(claim, self.clock)
        except Crash:
            pass
        finally:
            self.remote.sends.clear()

    @invariant()
    def never_twice_and_never_wrong(self) -> None:
        for row in Delivery.objects.filter(pk__in=self.rows).select_related("release"):
            posts = self.remote.carrying(row.release.reference)
            assert len(posts) <= 1, "posted twice"
            if row.state in OUT:
                assert [post.remote_id for post in posts] == [row.remote_id], "sent, but not there"
            if row.state in NOT_OUT:
                assert not posts, f"{row.state}, but it is there"

    @invariant()
    def a_lease_has_one_open_attempt(self) -> None:
        for row in Delivery.objects.filter(pk__in=self.rows).exclude(lease_token=""):
            last = row.log.latest("number")
            assert last.outcome == ""


@pytest.mark.django_db
def test_any_history_ends_with_at_most_one_post_and_a_true_state() -> None:
    run_state_machine_as_test(
        Deliveries,
        settings=settings(
            max_examples=60, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
