"""What each answer of a channel does to a delivery."""

import logging
from datetime import timedelta

from django.utils import timezone

import pytest

from publishers import backoff
from publishers.claims import DEATHS, claim_many, claim_next, expire_leases, promote_scheduled
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    LookupFailed,
    OutcomeUnknown,
    RateLimited,
    Receipt,
    Rejected,
    Temporary,
)
from publishers.dispatch import drain, run_claim
from publishers.models import Channel, Credential, Delivery, Payload
from publishers.states import State
from tests.publishers import outbox
from tests.publishers.memory import Crash

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(remote):
    made = Clock()
    remote.clock = made
    return made


def raises(error):
    def send(remote, message):
        raise error

    return send


def publishes_then_raises(error):
    def send(remote, message):
        remote.publish(message)
        raise error

    return send


def step(clock) -> str:
    """One claim, run; its outcome, or "" when nothing is ready."""
    claim = claim_next("w", clock())
    return run_claim(claim, clock) if claim else ""


def next_step(clock) -> str:
    """The same at the moment the next thing is due."""
    clock.now = max(
        clock.now, Delivery.objects.exclude(next_attempt_at=None).earliest("next_attempt_at").next_attempt_at
    )
    return step(clock)


def reload(delivery) -> Delivery:
    return Delivery.objects.select_related("channel").get(pk=delivery.pk)


def test_a_post_is_sent_once_and_then_seen_on_the_channel(remote, clock):
    delivery = outbox.delivery(now=clock())
    assert step(clock) == "delivered"
    row = reload(delivery)
    assert (row.state, row.remote_id, row.remote_url) == (State.DELIVERED, "p1", "https://memory.example/p1")
    assert step(clock) == ""
    assert next_step(clock) == "found"
    row = reload(delivery)
    assert row.state == State.CONFIRMED
    assert row.confirmed_at == clock()
    assert [(a.number, a.action, a.outcome) for a in row.log.all()] == [
        (1, "send", "delivered"),
        (2, "read_back", "found"),
    ]
    assert remote.calls == 1


def test_an_urgent_warning_goes_first_and_then_the_oldest(remote, clock):
    late = outbox.delivery(now=clock() - timedelta(seconds=1))
    early = outbox.delivery(now=clock() - timedelta(seconds=9))
    urgent = outbox.delivery(now=clock(), urgent=True)
    order = [claim_next("w", clock()).delivery.pk for _ in range(3)]
    assert order == [urgent.pk, early.pk, late.pk]


def test_nothing_is_taken_early_nor_for_a_paused_or_unused_channel(remote, clock):
    outbox.delivery(now=clock() + timedelta(seconds=5))
    outbox.delivery(outbox.channel(paused_reason="mã truy cập hết hạn"), now=clock())
    outbox.delivery(outbox.channel(is_active=False), now=clock())
    assert claim_next("w", clock()) is None


def test_a_scheduled_delivery_becomes_due_in_time_and_once(remote, clock):
    delivery = outbox.delivery(state=State.SCHEDULED, now=clock() + timedelta(hours=1))
    assert promote_scheduled(clock()) == 0
    clock.on(3600)
    assert promote_scheduled(clock()) == 1
    assert promote_scheduled(clock()) == 0
    assert step(clock) == "delivered"
    assert reload(delivery).state == State.DELIVERED


def test_a_temporary_refusal_is_retried_with_growing_waits_until_it_fails(remote, clock, settings):
    settings.PUBLISH_MAX_ATTEMPTS = 3
    delivery = outbox.delivery(now=clock())
    remote.sends = [raises(Temporary("Bận, sẽ gửi lại.", retry_after=40)) for _ in range(3)]
    assert step(clock) == "temporary"
    row = reload(delivery)
    assert (row.state, row.attempts, row.error_sentence) == (State.DUE, 1, "Bận, sẽ gửi lại.")
    assert row.next_attempt_at >= clock() + timedelta(seconds=40)
    assert next_step(clock) == "temporary"
    assert next_step(clock) == "temporary"
    row = reload(delivery)
    assert (row.state, row.attempts, row.error_code) == (State.FAILED, 3, "temporary")
    assert not remote.posts


def test_a_throttle_waits_and_is_no_attempt(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [raises(RateLimited("Chờ", retry_after=90)), raises(RateLimited("Chờ"))]
    step(clock)
    row = reload(delivery)
    assert (row.state, row.attempts) == (State.DUE, 0)
    assert row.next_attempt_at == clock() + timedelta(seconds=90)
    next_step(clock)
    assert reload(delivery).next_attempt_at == clock() + timedelta(seconds=backoff.RATE_LIMIT)
    assert next_step(clock) == "delivered"


def test_dead_access_stops_this_channel_only(remote, clock):
    account = Credential.objects.create(label="Trang", kind="facebook", sealed_secrets="")
    channel = outbox.channel(credential=account)
    delivery, waiting = outbox.delivery(channel, now=clock()), outbox.delivery(channel, now=clock())
    other = outbox.delivery(now=clock())
    remote.sends = [raises(AuthExpired("Kết nối đã hết hạn. Kết nối lại.", code="190/463"))]
    drain("w", clock=clock)
    account.refresh_from_db()
    channel.refresh_from_db()
    assert (reload(delivery).state, reload(delivery).error_code) == (State.FAILED, "190/463")
    assert account.health == Credential.Health.RECONNECT_REQUIRED
    assert channel.paused_reason == "Kết nối đã hết hạn. Kết nối lại."
    assert (reload(waiting).state, reload(other).state) == (State.DUE, State.DELIVERED)


def test_refusals_for_good_fail_and_a_vanished_channel_is_paused(remote, clock):
    refused, gone = outbox.delivery(now=clock()), outbox.delivery(now=clock() + timedelta(seconds=1))
    remote.sends = [raises(Rejected("Nội dung bị từ chối.")), raises(ChannelGone("Nhóm không còn."))]
    step(clock)
    clock.on(1)
    step(clock)
    assert (reload(refused).state, reload(refused).channel.paused_reason) == (State.FAILED, "")
    assert (reload(gone).state, reload(gone).channel.paused_reason) == (State.FAILED, "Nhóm không còn.")


@pytest.mark.parametrize("error", [OutcomeUnknown("?"), RuntimeError("?"), KeyError("id"), LookupFailed("?")])
def test_an_unknown_outcome_is_looked_up_and_adopted_never_sent_again(remote, clock, error, settings):
    delivery = outbox.delivery(now=clock())
    remote.sends = [publishes_then_raises(error)]
    assert step(clock) == "unknown"
    row = reload(delivery)
    assert row.state == State.UNCONFIRMED
    assert row.next_attempt_at == clock() + timedelta(seconds=settings.PUBLISH_GRACE)
    assert next_step(clock) == "found"
    assert (reload(delivery).state, reload(delivery).remote_id, remote.calls) == (State.CONFIRMED, "p1", 1)


def test_a_channel_whose_answers_get_lost_but_whose_posts_stand_is_not_held_back(remote, clock):
    channel = outbox.channel()
    remote.sends = [publishes_then_raises(OutcomeUnknown("?"))] * 4
    for _number in range(4):
        outbox.delivery(channel, now=clock())
        assert step(clock) == "unknown"
        assert next_step(clock) == "found"
        channel.refresh_from_db()
        assert (channel.refusals, channel.open_at) == (0, None)


def test_surely_absent_is_retried_once_and_then_left_to_a_person(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [raises(OutcomeUnknown("?")), raises(OutcomeUnknown("?"))]
    assert step(clock) == "unknown"
    assert [next_step(clock) for _ in range(3)] == ["absent"] * 3
    assert (reload(delivery).state, reload(delivery).retried_after_lookup) == (State.DUE, True)
    assert next_step(clock) == "unknown"
    assert [next_step(clock) for _ in range(3)] == ["absent"] * 3
    row = reload(delivery)
    assert (row.state, row.error_code) == (State.AWAITING_PERSON, "not_found")
    assert row.error_sentence
    assert remote.calls == 2


def test_a_look_that_fails_is_not_absence_and_is_bounded(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [raises(OutcomeUnknown("?"))]
    remote.looks = [LookupFailed("Không đọc được."), ValueError("x")] * (backoff.FAILED_LOOKS // 2)
    step(clock)
    outcomes = [next_step(clock) for _ in range(backoff.FAILED_LOOKS)]
    assert set(outcomes) == {"lookup_failed"}
    row = reload(delivery)
    assert (row.state, row.lookups, remote.calls) == (State.AWAITING_PERSON, 0, 1)


def test_dead_access_while_looking_pauses_and_goes_on_after_reconnecting(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [publishes_then_raises(OutcomeUnknown("?"))]
    remote.looks = [AuthExpired("Hết hạn.")]
    step(clock)
    assert next_step(clock) == "auth_expired"
    assert reload(delivery).state == State.UNCONFIRMED
    clock.on(3600)
    assert step(clock) == ""
    Channel.objects.update(paused_reason="")
    assert step(clock) == "found"


def test_a_channel_that_cannot_be_read_waits_for_a_person_after_the_grace(remote, clock):
    delivery = outbox.delivery(outbox.channel("blind"), now=clock())
    remote.sends = [publishes_then_raises(OutcomeUnknown("?"))]
    step(clock)
    assert step(clock) == ""
    assert next_step(clock) == "cannot_look"
    assert (reload(delivery).state, remote.calls) == (State.AWAITING_PERSON, 1)


def test_where_repeating_changes_nothing_it_is_repeated(remote, clock):
    delivery = outbox.delivery(outbox.channel("repeatable"), now=clock())
    remote.sends = [publishes_then_raises(OSError("disk"))]
    step(clock)
    assert reload(delivery).state == State.DUE
    assert next_step(clock) == "delivered"
    assert (reload(delivery).state, len(remote.posts)) == (State.CONFIRMED, 1)


@pytest.mark.parametrize(("kind", "after"), [("memory", State.UNCONFIRMED), ("repeatable", State.DUE)])
def test_an_expired_lease_means_unknown(remote, clock, kind, after, settings):
    delivery = outbox.delivery(outbox.channel(kind), now=clock())

    def dies(remote, message):
        remote.publish(message)
        raise Crash

    remote.sends = [dies]
    with pytest.raises(Crash):
        step(clock)
    assert expire_leases(clock()) == 0
    clock.on(settings.PUBLISH_LEASE)
    assert expire_leases(clock()) == 1
    assert reload(delivery).state == after
    next_step(clock)
    assert (reload(delivery).state, len(remote.posts)) == (State.CONFIRMED, 1)


def test_a_repeatable_delivery_that_always_kills_its_worker_waits_for_a_person(remote, clock, settings):
    settings.PUBLISH_MAX_ATTEMPTS = 2
    delivery = outbox.delivery(outbox.channel("repeatable"), now=clock())
    for _ in range(2):
        assert claim_next("w", clock())
        clock.on(settings.PUBLISH_LEASE)
        expire_leases(clock())
    assert (reload(delivery).state, reload(delivery).error_code) == (State.AWAITING_PERSON, "worker_lost")


def test_a_worker_that_wakes_after_its_lease_does_not_call(remote, clock, settings):
    outbox.delivery(now=clock())
    claim = claim_next("w", clock())
    clock.on(settings.PUBLISH_LEASE)
    expire_leases(clock())
    assert run_claim(claim, clock) == "late"
    assert remote.calls == 0


def test_a_worker_held_up_too_long_gives_the_delivery_back_unsent(remote, clock, settings):
    delivery = outbox.delivery(now=clock())
    claim = claim_next("w", clock())
    clock.on(settings.PUBLISH_LEASE - 1)
    assert run_claim(claim, clock) == "not_called"
    row = reload(delivery)
    assert (row.state, row.attempts, remote.calls) == (State.DUE, 0, 0)


def test_an_answer_after_the_lease_was_taken_changes_only_its_attempt(remote, clock, settings):
    delivery = outbox.delivery(now=clock())

    def slow(remote, message):
        receipt = remote.publish(message)
        clock.on(settings.PUBLISH_LEASE)
        expire_leases(clock())
        return receipt

    remote.sends = [slow]
    assert step(clock) == "late"
    assert reload(delivery).state == State.UNCONFIRMED
    attempt = delivery.log.get()
    assert (attempt.outcome, attempt.sentence) == ("late", "p1")
    assert next_step(clock) == "found"


def test_two_posts_with_one_reference_wait_for_a_person_and_keep_their_ids(remote, clock):
    delivery = outbox.delivery(now=clock())

    def twice(remote, message):
        remote.publish(message)
        return remote.publish(message)

    remote.sends = [twice]
    step(clock)
    next_step(clock)
    row = reload(delivery)
    assert (row.state, row.error_code, row.remote_id) == (State.AWAITING_PERSON, "duplicates", "p2")
    assert row.duplicates == ["p2"]


def test_a_send_that_reports_duplicates_waits_for_a_person(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [lambda remote, message: Receipt("p1", duplicates=("p2", "<b>"))]
    step(clock)
    row = reload(delivery)
    assert (row.state, row.remote_id, row.duplicates) == (State.AWAITING_PERSON, "p1", ["p2"])


def test_an_accepted_post_that_never_shows_stays_sent_and_says_so(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [lambda remote, message: remote.publish(message, hidden_for=1e6)]
    step(clock)
    assert [next_step(clock) for _ in range(3)] == ["absent"] * 3
    row = reload(delivery)
    assert (row.state, row.error_code, row.next_attempt_at) == (State.DELIVERED, "not_seen", None)
    assert remote.calls == 1


def test_altered_text_is_never_sent(remote, clock, caplog):
    delivery = outbox.delivery(now=clock())
    Payload.objects.filter(pk=delivery.payload_id).update(
        text="Gọi 0900 000 000 để nhận tiền. bí mật nội dung"
    )
    with caplog.at_level(logging.ERROR):
        assert step(clock) == "seal_broken"
    assert (reload(delivery).state, reload(delivery).error_code) == (State.FAILED, "seal_broken")
    assert remote.calls == 0
    assert "not what was signed" in caplog.text
    assert "bí mật" not in caplog.text


def test_a_changed_destination_is_never_sent_to(remote, clock):
    delivery = outbox.delivery(now=clock())
    Channel.objects.update(remote_id="999999")
    assert step(clock) == "seal_broken"
    assert (reload(delivery).state, remote.calls) == (State.FAILED, 0)


def test_an_altered_or_lost_picture_is_never_sent(remote, clock, settings, tmp_path):
    import io

    from PIL import Image

    from media import sealed

    settings.SEALED_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    for damage in (lambda path: path.write_bytes(b"x"), lambda path: path.unlink()):
        file = sealed.put(out.getvalue(), "image/png")
        image = {"sha256": file.sha256, "mime": file.mime, "width": 8, "height": 8, "alt": "a"}
        delivery = outbox.delivery(now=clock(), images=[image])
        path = sealed.find(file.sha256)
        path.chmod(0o644)
        damage(path)
        assert step(clock) == "seal_broken"
        assert reload(delivery).state == State.FAILED
    assert remote.calls == 0


def test_secrets_in_an_error_reach_neither_columns_nor_log(remote, clock, caplog):
    delivery = outbox.delivery(now=clock())
    remote.sends = [
        raises(
            Temporary("lỗi access_token=CANARY123 ở https://x/?access_token=CANARY123", code="code=CANARY123")
        ),
        raises(RuntimeError("https://x/?access_token=CANARY123")),
    ]
    with caplog.at_level(logging.DEBUG):
        step(clock)
        first = reload(delivery)
        next_step(clock)
    second = reload(delivery)
    stored = [first.error_sentence, first.error_code, second.error_sentence, second.error_code]
    stored += [value for a in delivery.log.all() for value in (a.sentence, a.code)]
    assert "CANARY123" not in " ".join(stored) + caplog.text


def test_an_older_release_does_not_overwrite_a_newer_one(remote, clock):
    page = outbox.page()
    channel = outbox.channel("repeatable")
    old = outbox.delivery(channel, of=outbox.release(page), now=clock())
    new = outbox.delivery(channel, of=outbox.release(page, number=2), now=clock() + timedelta(seconds=9))
    assert step(clock) == ""
    assert (reload(old).state, reload(old).error_code) == (State.CANCELLED, "superseded")
    clock.on(9)
    assert step(clock) == "delivered"
    assert reload(new).state == State.CONFIRMED


def test_a_hostile_link_is_not_kept(remote, clock):
    delivery = outbox.delivery(now=clock())
    remote.sends = [lambda remote, message: Receipt("p1", "javascript:alert(1)")]
    step(clock)
    assert (reload(delivery).state, reload(delivery).remote_url) == (State.DELIVERED, "")


def test_a_drain_is_bounded_and_stops_when_told(remote, clock):
    for _ in range(4):
        outbox.delivery(now=clock())
    drained = drain("w", limit=3, clock=clock)
    assert (drained.count, drained.more) == (3, True)
    assert drain("w", stopping=lambda: True, clock=clock).count == 0
    drained = drain("w", clock=clock)
    assert (drained.count, drained.more) == (1, False)


def test_what_a_killed_worker_took_along_and_never_began_is_no_attempt(db, settings):
    delivery, now = outbox.delivery(outbox.channel("facebook_page")), timezone.now()
    for _death in range(settings.PUBLISH_MAX_ATTEMPTS + 1):
        assert len(claim_many("w", now, 4)) == 1
        now += timedelta(seconds=settings.PUBLISH_LEASE + 1)
        expire_leases(now)
    assert (reload(delivery).state, reload(delivery).attempts) == (State.DUE, 0)


def test_a_delivery_that_brings_every_worker_down_is_given_up(db, settings):
    settings.PUBLISH_MAX_ATTEMPTS = 2
    delivery, now = outbox.delivery(outbox.channel("facebook_page")), timezone.now()
    for _death in range(DEATHS + settings.PUBLISH_MAX_ATTEMPTS):
        claim_many("w", now, 4)
        now += timedelta(seconds=settings.PUBLISH_LEASE + 1)
        expire_leases(now)
    assert (reload(delivery).state, reload(delivery).error_code) == (State.FAILED, "worker_lost")
