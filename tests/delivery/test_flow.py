"""Pace, fairness, quiet hours, the breaker, the stop switch and the dead-man alarm, on the engine itself."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishers import halt, pace, registry
from publishers.claims import claim_many, claim_next, expire_leases
from publishers.contracts import OutcomeUnknown, Rate, RateLimited, Rejected, Scope, Temporary
from publishers.dispatch import drain, run_claim
from publishers.explain import explain
from publishers.models import Channel, Credential, Delivery
from publishers.quiet import quiet_until
from publishers.refusals import Refused
from publishers.states import State
from publishers.watch import deadman
from tests import factories
from tests.publishers import outbox
from tests.publishers.memory import MemoryPublisher, Remote, memory_kinds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.fixture
def remote():
    with memory_kinds() as made:
        made.clock = lambda: NOW
        yield made


def account(label="Tài khoản"):
    return Credential.objects.create(label=label, kind="facebook", sealed_secrets="")


def state(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


@given(
    st.lists(st.floats(0, 30), min_size=1, max_size=60),
    st.floats(1, 50),
    st.floats(1, 60),
    st.integers(1, 10),
)
def test_no_window_ever_holds_more_than_the_rate_and_its_burst(waits, calls, seconds, burst):
    rate, now, open_at, left = Rate(calls, seconds, burst), NOW, None, []
    for wait in waits:
        now += timedelta(seconds=wait)
        then = pace.take(open_at, now, rate)
        if then is not None:
            open_at = then
            left.append(now)
    for first in left:
        inside = [moment for moment in left if first <= moment < first + timedelta(seconds=seconds)]
        assert len(inside) <= calls + burst + 1e-6


def test_accounts_take_turns_and_urgent_ones_overtake(remote):
    busy, calm = account("a"), account("b")
    channels = [outbox.channel(credential=busy) for _ in range(6)]
    last = outbox.channel(credential=calm)
    for turn, channel in enumerate(channels):
        outbox.delivery(channel, now=NOW, turn=turn)
    other = outbox.delivery(last, now=NOW, turn=0)
    urgent = outbox.delivery(channels[0], now=NOW, turn=9, urgent=True)
    order = [claim.delivery.pk for claim in claim_many("w", NOW, 3)]
    assert order[0] == urgent.pk
    assert other.pk in order


def test_a_throttled_account_starves_nobody(remote):
    slow, fast = account("a"), account("b")
    held = [outbox.delivery(outbox.channel(credential=slow), now=NOW, turn=n) for n in range(20)]
    free = [outbox.delivery(outbox.channel(credential=fast), now=NOW, turn=n) for n in range(5)]

    def throttled(made, message):
        raise RateLimited("chờ", retry_after=300)

    remote.sends = [throttled]
    claim = claim_next("w", NOW)
    assert claim.delivery.pk == held[0].pk
    run_claim(claim, lambda: NOW)
    drain("w", clock=lambda: NOW)
    assert {state(row) for row in free} == {State.DELIVERED}
    assert {state(row) for row in held} == {State.DUE}
    assert remote.calls == 1 + len(free)


def test_a_wish_for_patience_holds_the_whole_platform_if_it_is_about_the_application(remote):
    one, other = outbox.delivery(now=NOW), outbox.delivery(now=NOW)

    def throttled(made, message):
        raise RateLimited("chờ", retry_after=60, scope=Scope.PLATFORM)

    remote.sends = [throttled]
    drain("w", clock=lambda: NOW)
    assert remote.calls == 1
    later = NOW + timedelta(seconds=61)
    drain("w", clock=lambda: later)
    assert {state(one), state(other)} == {State.DELIVERED}


def test_the_configured_pace_is_kept(remote, settings):
    settings.PUBLISH_RATES = {"memory.account": (2.0, 60.0, 1)}
    speaker = account()
    for turn in range(5):
        outbox.delivery(outbox.channel(credential=speaker), now=NOW, turn=turn)
    for second in range(0, 121, 5):
        moment = NOW + timedelta(seconds=second)
        drain("w", clock=lambda at=moment: at)
    assert remote.calls == 5


def test_quiet_hours_hold_back_what_is_not_urgent(remote):
    night = datetime(2026, 11, 26, 16, tzinfo=UTC)  # 23:00 in Vietnam
    quiet = outbox.channel(quiet_from=time(22), quiet_until=time(6))
    held = outbox.delivery(quiet, now=night)
    urgent = outbox.delivery(quiet, now=night, urgent=True)
    drain("w", clock=lambda: night)
    assert (state(held), state(urgent)) == (State.DUE, State.DELIVERED)
    assert Delivery.objects.get(pk=held.pk).next_attempt_at == night + timedelta(hours=7)
    drain("w", clock=lambda: night + timedelta(hours=7))
    assert state(held) == State.DELIVERED


@given(st.times(), st.times(), st.integers(0, 2 * 24 * 60))
def test_quiet_hours_end_within_a_day_and_never_in_the_past(begin, end, minutes):
    now = NOW + timedelta(minutes=minutes)
    channel = Channel(quiet_from=begin.replace(tzinfo=None), quiet_until=end.replace(tzinfo=None))
    until = quiet_until(channel, now, urgent=False)
    if until is not None:
        assert now < until <= now + timedelta(days=1)


@pytest.mark.parametrize(
    ("evening", "hours"),
    [
        (datetime(2026, 3, 28, 22, tzinfo=UTC), 6),  # 23:00 in Berlin, the clock is put forward at two
        (datetime(2026, 10, 24, 21, tzinfo=UTC), 8),  # 23:00 in Berlin, the clock is put back at three
        (datetime(2026, 11, 25, 22, tzinfo=UTC), 7),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall_when_it_is_changed(evening, hours):
    channel = Channel(quiet_from=time(22), quiet_until=time(6))
    with timezone.override("Europe/Berlin"):
        assert quiet_until(channel, evening, urgent=False) == evening + timedelta(hours=hours)


def test_refusals_in_a_row_pause_the_channel_with_a_reason(remote, settings):
    settings.PUBLISH_PAUSE_AFTER = 3
    channel = outbox.channel()

    def refuse(made, message):
        raise Rejected("Nội dung bị từ chối.")

    remote.sends = [refuse] * 3
    for _ in range(4):
        outbox.delivery(channel, now=NOW)
    drain("w", clock=lambda: NOW)
    channel.refresh_from_db()
    assert "3 lần liền" in channel.paused_reason
    assert remote.calls == 3


def test_failures_in_a_row_hold_the_channel_back_and_a_success_forgets_them(remote):
    channel = outbox.channel()

    def away(made, message):
        raise Temporary("không tới")

    remote.sends = [away] * 3
    for _ in range(6):
        outbox.delivery(channel, now=NOW)
    drain("w", clock=lambda: NOW)
    assert remote.calls == 3
    drain("w", clock=lambda: NOW + timedelta(hours=1))
    channel.refresh_from_db()
    assert channel.refusals == 0
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 6


def test_while_everything_is_stopped_nothing_leaves_and_afterwards_everything_does(remote, minh):
    waiting = outbox.delivery(now=NOW)
    stopped = halt.begin(minh, "Nghi tài khoản bị chiếm")
    with pytest.raises(Refused):
        halt.begin(minh, "Lần nữa")
    drain("w", clock=lambda: NOW)
    assert remote.calls == 0
    assert any("Nghi tài khoản bị chiếm" in line for line in explain(waiting, NOW))
    halt.end(minh)
    drain("w", clock=lambda: NOW)
    assert state(waiting) == State.DELIVERED
    stopped.refresh_from_db()
    assert (stopped.is_standing, stopped.ended_by) == (False, minh)


def test_a_stop_between_the_claim_and_the_call_still_holds(remote, minh):
    class Guarded(MemoryPublisher):
        kind = "guarded"

        def send(self, message):
            self.guard()
            return super().send(message)

    registry.KINDS["guarded"] = registry.Kind("guarded", f"{__name__}.Guarded", "")
    globals()["Guarded"] = Guarded
    try:
        delivery = outbox.delivery(outbox.channel("guarded"), now=NOW)
        claim = claim_next("w", NOW)
        halt.begin(minh, "Dừng")
        assert run_claim(claim, lambda: NOW) == "not_called"
        assert (remote.calls, state(delivery)) == (0, State.DUE)
    finally:
        del registry.KINDS["guarded"]
        registry.adapter_class.cache_clear()


def test_a_call_that_never_began_is_due_again_at_once(remote, settings):
    from publishers.adapters.facebook_page.adapter import FacebookPagePublisher

    assert FacebookPagePublisher.capabilities.guarded
    page = factories.channel("facebook_page", "Trang", "1")
    delivery = outbox.delivery(page, now=NOW)
    assert claim_next("w", NOW)
    later = NOW + timedelta(seconds=settings.PUBLISH_LEASE + 1)
    expire_leases(later)
    assert state(delivery) == State.DUE


def test_a_call_that_began_is_unknown(remote, settings):
    page = factories.channel("facebook_page", "Trang", "1")
    delivery = outbox.delivery(page, now=NOW)
    claim = claim_next("w", NOW)
    delivery.log.update(guarded_at=NOW)
    expire_leases(NOW + timedelta(seconds=settings.PUBLISH_LEASE + 1))
    assert claim is not None
    assert state(delivery) == State.UNCONFIRMED


def test_a_repeatable_kind_that_never_answers_waits_for_a_person_not_failed(remote, settings):
    settings.PUBLISH_MAX_ATTEMPTS = 2

    def lost(made: Remote, message):
        made.publish(message)
        raise OutcomeUnknown("?")

    remote.sends = [lost, lost]
    delivery = outbox.delivery(outbox.channel("repeatable"), now=NOW)
    for hours in range(3):
        moment = NOW + timedelta(hours=hours)
        drain("w", clock=lambda at=moment: at)
    assert state(delivery) == State.AWAITING_PERSON


def test_the_alarm_is_raised_when_nothing_moves_and_ends_when_it_does(remote, settings):
    delivery = outbox.delivery(now=NOW)
    assert deadman.stuck_since(NOW + timedelta(seconds=60)) is None
    late = NOW + timedelta(seconds=settings.DEADMAN_SECONDS + 1)
    assert deadman.check(late)
    drain("w", clock=lambda: late)
    assert state(delivery) == State.DELIVERED
    assert not deadman.check(late)


def test_what_waits_on_purpose_is_no_alarm(remote, minh):
    outbox.delivery(outbox.channel(paused_reason="Chờ kết nối lại"), now=NOW)
    assert deadman.stuck_since(NOW + timedelta(days=1)) is None
    outbox.delivery(now=NOW)
    halt.begin(minh, "Dừng")
    assert deadman.stuck_since(NOW + timedelta(days=1)) is None


def test_a_kind_whose_package_is_gone_stops_nobody_else(remote):
    orphan = outbox.delivery(outbox.channel("memory"), now=NOW)
    Channel.objects.filter(pk=orphan.channel_id).update(kind="gone_kind")
    broken = outbox.delivery(outbox.channel("broken_kind"), now=NOW)
    registry.KINDS["broken_kind"] = registry.Kind("hỏng", "no.such.module.Publisher", "")
    other = outbox.delivery(now=NOW)
    try:
        drain("w", clock=lambda: NOW)
        assert [state(row) for row in (orphan, broken, other)] == [State.DUE, State.DUE, State.DELIVERED]
        assert any("thiếu hoặc hỏng" in line for line in explain(broken, NOW))
    finally:
        del registry.KINDS["broken_kind"]
        registry.adapter_class.cache_clear()
