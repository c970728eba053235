"""Probes by schedule: spread evenly, bounded, and a dead token is found before it is needed."""

from collections.abc import Iterator
from datetime import timedelta

from django.core import mail
from django.utils import timezone

import pytest

from cms.users.roles import Role
from publishers import halt, services
from publishers.contracts import AuthExpired, LookupFailed, RateLimited
from publishers.credentials import CredentialHandle, require_reconnect, store
from publishers.models import Channel, Credential, Notice, Platform
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from publishers.watch.probes import Probed, dead_key, probe
from tests import factories
from tests.publishers import outbox
from tests.publishers.memory import Remote, memory_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_channels")]

HOUR = timedelta(hours=1)


@pytest.fixture
def remote() -> Iterator[Remote]:
    with memory_kinds() as made:
        yield made


@pytest.fixture
def sandbox(settings) -> Iterator[Sandbox]:
    with Sandbox() as running:
        settings.FACEBOOK_GRAPH_URL = running.graph_url
        settings.FACEBOOK_TOKEN_URL = running.facebook_token_url
        settings.ZALO_OPENAPI_URL = running.zalo_openapi_url
        settings.ZALO_OAUTH_URL = running.zalo_oauth_url
        settings.PUBLISH_CONNECT_TIMEOUT = 2.0
        settings.PUBLISH_READ_TIMEOUT = 5.0
        yield running


def account(kind: str = "webhook", **secrets: str) -> Credential:
    made = Credential(label=f"Tài khoản {Credential.objects.count()}", kind=kind)
    store(made, {"signing_key": "k", **secrets})
    return made


def zalo(**secrets: str) -> Credential:
    seeded = {
        "app_id": world.ZALO_APP_ID,
        "secret_key": world.ZALO_SECRET_KEY,
        "access_token": world.ZALO_ACCESS_TOKEN,
        "refresh_token": world.ZALO_REFRESH_TOKEN,
    }
    return account("zalo_oa", **seeded | secrets)


def channels(count: int, **values) -> list[Channel]:
    return [outbox.channel(**values) for _number in range(count)]


def test_what_was_never_checked_is_checked_once(remote):
    channels(3)
    now = timezone.now()
    assert probe(now) == Probed(checked=3)
    assert probe(now + timedelta(seconds=1)).checked == 0
    assert not Channel.objects.filter(checked_at=None).exists()


def test_a_run_is_bounded_and_says_that_more_is_due(remote):
    channels(5)
    now = timezone.now()
    assert probe(now, limit=2) == Probed(checked=2, more=True)
    assert probe(now, limit=10) == Probed(checked=3)


def test_two_thousand_channels_spread_evenly_over_the_period(remote, settings):
    settings.PROBE_SECONDS = 6 * 3600
    now = timezone.now()
    Channel.objects.bulk_create(
        Channel(kind="memory", name=f"Kênh {n}", remote_id=str(n), checked_at=now) for n in range(2000)
    )
    from publishers.watch import probes

    due, before = [], set()
    for minute in range(1, 24):
        rows = Channel.objects.values_list("pk", "checked_at")
        moment = now + minute * timedelta(minutes=15)
        late = {pk for pk, at in rows if probes._is_due(pk, at, moment, failed=False)}
        due.append(len(late - before))
        before = late
    # 2,000 in 24 quarters of an hour are 83 each.
    assert all(70 <= number <= 97 for number in due)


def test_each_channel_is_due_once_in_a_period(remote, settings):
    settings.PROBE_SECONDS = 6 * 3600
    (channel,) = channels(1)
    now = timezone.now()
    checks = 0
    for quarter in range(24 * 4):
        moment = now + quarter * timedelta(minutes=15)
        Channel.objects.filter(checked_at__gt=moment).update(checked_at=moment)
        if probe(moment).checked:
            checks += 1
            Channel.objects.update(checked_at=moment)
    assert checks in (4, 5)
    assert channel.pk


def test_what_failed_is_checked_again_after_ten_minutes(remote):
    channels(1)
    remote.checks = [LookupFailed("Không đọc được."), LookupFailed("Không đọc được.")]
    now = timezone.now()
    assert probe(now).failed == 1
    assert Channel.objects.get().check_error == "Không đọc được."
    assert probe(now + timedelta(minutes=9)).checked == 0
    assert probe(now + timedelta(minutes=11)).failed == 1


def test_while_everything_is_stopped_nothing_is_asked(remote, django_user_model):
    channels(1)
    halt.begin(django_user_model.objects.create_user("nguoi"), "Diễn tập")
    assert probe(timezone.now()) == Probed()


def test_what_has_to_wait_is_not_asked(remote):
    now = timezone.now()
    channels(1, open_at=now + HOUR)
    slow = account()
    Credential.objects.filter(pk=slow.pk).update(open_at=now + HOUR)
    channels(1, credential=slow)
    channels(1, is_active=False)
    assert probe(now).checked == 0
    assert probe(now + 2 * HOUR).checked == 2


def test_a_platform_that_has_to_wait_is_not_asked(remote):
    channels(1)
    Platform.objects.create(key="memory", open_at=timezone.now() + HOUR)
    assert probe(timezone.now()).checked == 0


def test_after_a_refusal_the_rest_of_the_account_waits_for_the_next_run(remote):
    used = account()
    channels(4, credential=used)
    channels(1)
    remote.checks = [RateLimited("Chậm lại.")]
    assert probe(timezone.now()) == Probed(checked=2, failed=1)


def test_a_dead_token_makes_one_notice_and_one_mail_until_it_is_over(remote, site):
    factories.user("quan-tri", Role.ADMINISTRATOR)
    Channel.objects.all().delete()
    dead = account()
    channels(3, credential=dead)
    remote.checks = [AuthExpired("Mã truy cập không còn hiệu lực.")]
    now = timezone.now()
    assert probe(now) == Probed(checked=1, failed=1)
    dead.refresh_from_db()
    assert dead.health == Credential.Health.RECONNECT_REQUIRED
    assert (dead.probed_at, dead.health_note) == (now, "Mã truy cập không còn hiệu lực.")
    notice = Notice.objects.get(key=dead_key(dead.pk))
    assert f"/ket-noi/{dead.pk}/" in notice.url
    assert len(mail.outbox) == 1
    # One channel is asked again, not all; while it fails nobody is told twice.
    remote.checks = [AuthExpired("Mã truy cập không còn hiệu lực.")]
    Channel.objects.update(checked_at=now)
    assert probe(now + timedelta(minutes=11)) == Probed(checked=1, failed=1)
    assert len(mail.outbox) == 1
    Channel.objects.update(checked_at=now)
    assert probe(now + timedelta(minutes=22)).failed == 0
    dead.refresh_from_db()
    notice.refresh_from_db()
    assert dead.health == Credential.Health.OK
    assert notice.ended_at is not None


def test_the_notice_does_not_come_and_go_while_one_of_the_channels_still_fails(remote, site):
    dead = account()
    channels(2, credential=dead)
    Channel.objects.filter(kind="portal").delete()
    require_reconnect(dead.pk, "Kết nối lại.")
    now = timezone.now()
    Channel.objects.filter(credential=dead).update(checked_at=now)
    probe(now)
    first = Channel.objects.filter(credential=dead).first()
    Channel.objects.filter(pk=first.pk).update(check_error="Thiếu quyền.")
    Credential.objects.update(health=Credential.Health.OK)
    probe(now)
    assert Notice.objects.get(key=dead_key(dead.pk)).ended_at is None
    Channel.objects.update(check_error="")
    probe(now)
    assert Notice.objects.get(key=dead_key(dead.pk)).ended_at is not None


class TestOnThePlatforms:
    def test_a_dead_page_token_is_found(self, sandbox):
        used = account("facebook", page_token=world.PROVINCE_PAGE.access_token)
        outbox.channel("facebook_page", remote_id=world.PROVINCE_PAGE.id, credential=used)
        assert probe(timezone.now()).failed == 0
        sandbox.token(page=world.PROVINCE_PAGE.id, subcode=460)
        Channel.objects.update(checked_at=None)
        assert probe(timezone.now()).failed == 1
        used.refresh_from_db()
        assert used.health == Credential.Health.RECONNECT_REQUIRED
        assert Notice.objects.filter(key=dead_key(used.pk), ended_at=None).exists()

    def test_a_quiet_official_account_is_renewed_ahead_of_its_end(self, sandbox):
        soon = (timezone.now() + 3 * HOUR).isoformat()
        quiet = zalo(expires_at=soon)
        probe(timezone.now())
        quiet.refresh_from_db()
        assert len(sandbox.requests("access_token")) == 1
        assert CredentialHandle(quiet.pk).read()["access_token"].startswith("sandbox-access-")
        assert quiet.reconnect_by > timezone.now() + timedelta(days=89)
        probe(timezone.now())
        assert len(sandbox.requests("access_token")) == 1

    def test_a_renewal_that_cannot_be_made_is_not_tried_again_every_minute(self, sandbox):
        zalo(expires_at=(timezone.now() + 3 * HOUR).isoformat())
        sandbox.fault("refuse", operation="access_token", code=-14014, times=0)
        now = timezone.now()
        for minute in range(5):
            probe(now + timedelta(minutes=minute))
        assert len(sandbox.requests("access_token")) == 1
        assert Credential.objects.get().health == Credential.Health.RECONNECT_REQUIRED

    def test_a_lost_renewal_is_told_at_once_though_the_old_token_may_live(self, sandbox):
        zalo(expires_at=(timezone.now() + 3 * HOUR).isoformat())
        sandbox.fault("timeout_no_effect", operation="access_token", drop=True)
        probe(timezone.now())
        used = Credential.objects.get()
        assert (used.health, used.rotation_outcome_unknown) == (Credential.Health.OK, True)
        assert Notice.objects.filter(key=dead_key(used.pk), ended_at=None).exists()

    def test_an_account_without_channels_is_checked_too(self, sandbox):
        quiet = zalo()
        page = account("facebook", page_token=world.PROVINCE_PAGE.access_token)
        assert probe(timezone.now()) == Probed(checked=2)
        sandbox.token(zalo=True, kill=True)
        sandbox.token(page=world.PROVINCE_PAGE.id, subcode=463)
        Credential.objects.update(probed_at=None)
        assert probe(timezone.now()) == Probed(checked=2, failed=1)
        quiet.refresh_from_db()
        page.refresh_from_db()
        assert quiet.health == Credential.Health.OK
        assert CredentialHandle(quiet.pk).read()["access_token"].startswith("sandbox-access-")
        assert page.health == Credential.Health.RECONNECT_REQUIRED
        # Connected again on the other side, it comes back by itself.
        sandbox.token(page=world.PROVINCE_PAGE.id, subcode=-1)
        Credential.objects.update(probed_at=None)
        probe(timezone.now())
        page.refresh_from_db()
        assert page.health == Credential.Health.OK


def test_a_probe_does_not_lift_a_pause_after_refused_posts_but_a_person_does(remote, settings):
    paused = outbox.channel()
    refused = {"paused_reason": "Bị từ chối", "refusals": settings.PUBLISH_PAUSE_AFTER}
    Channel.objects.filter(pk=paused.pk).update(**refused)
    assert probe(timezone.now()).checked == 1
    paused.refresh_from_db()
    assert (paused.paused_reason, paused.refusals) == ("Bị từ chối", settings.PUBLISH_PAUSE_AFTER)
    assert paused.checked_at is not None
    services.check_channel(paused)
    assert (paused.paused_reason, paused.refusals) == ("", 0)


def test_a_probe_lifts_a_pause_of_another_cause(remote):
    paused = outbox.channel()
    Channel.objects.filter(pk=paused.pk).update(paused_reason="Mất kết nối")
    probe(timezone.now())
    paused.refresh_from_db()
    assert paused.paused_reason == ""
