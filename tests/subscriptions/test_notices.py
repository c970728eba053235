"""One letter for each event and subscriber, in the words that were signed, whatever dies in between."""

import smtplib
from datetime import timedelta
from typing import Any

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

import pytest

from cms.editorial import approval, withdrawal
from cms.subscriptions import notices, outbox
from cms.subscriptions.models import Letter, Notice, Subscriber
from publishers.dispatch import drain
from publishers.models import Delivery, Release
from tests import factories
from tests.subscriptions.conftest import link, send, subscriber

pytestmark = pytest.mark.django_db


def correct(page: Any, lan: Any, minh: Any, note: str) -> None:
    draft = page.get_latest_revision_as_object()
    draft.correction_note = note
    draft.save_revision(user=lan)
    factories.approved(approval.submit(page, lan, not_secret=True), minh)
    drain("w")


def withdraw(page: Any, minh: Any, note: str) -> None:
    seen = withdrawal.draft(page, note).seal
    withdrawal.withdraw(page, minh, note=note, seen_seal=seen, not_secret=True)
    drain("w")


@pytest.fixture
def published(lan, minh):
    """Approve a warning and let the portal show it."""

    def make(**changes: Any) -> Release:
        release = factories.approved(factories.submitted(lan, **changes), minh)
        drain("w")
        return release

    return make


def test_a_letter_says_what_was_signed_once(site, citizen, published):
    subscriber(citizen)
    release = published()
    release.page.title = "Sửa sau khi duyệt"
    release.page.save()
    (letter,) = send()
    assert release.snapshot["title"] in letter.subject
    assert release.snapshot["summary"] in letter.body
    assert "Sửa sau khi duyệt" not in letter.body
    assert f"/canh-bao/{release.snapshot['slug']}/" in letter.body
    assert letter.extra_headers["List-Unsubscribe"].startswith("<http")
    assert "đã đăng ký" in letter.body
    assert send() == []
    assert citizen.post(link(letter, "thoi")).status_code == 200


def test_nothing_is_told_before_the_portal_shows_it(site, citizen, lan, minh):
    subscriber(citizen)
    factories.approved(factories.submitted(lan), minh)
    assert send() == []
    drain("w")
    assert len(send()) == 1


def test_corrections_and_withdrawals_follow_the_warning(site, citizen, lan, minh, published):
    told = subscriber(citizen)
    release = published(severity="caution")
    assert len(send()) == 1
    # They wish to hear less from now on, but of this one they were told.
    Subscriber.objects.filter(pk=told.pk).update(least="urgent")
    correct(release.page, lan, minh, "Sửa số tổng đài.")
    (corrected,) = send()
    assert corrected.subject.startswith("Đính chính: ")
    assert "Sửa số tổng đài." in corrected.body
    withdraw(release.page, minh, "Thông tin không đúng.")
    (withdrawn,) = send()
    assert withdrawn.subject.startswith("Thu hồi: ")
    assert "Thông tin không đúng." in withdrawn.body
    assert release.snapshot["summary"] not in withdrawn.body
    assert send() == []
    subscriber(citizen, "khac@example.vn", least="urgent")
    assert Letter.objects.filter(kind="notice").count() == 3


def test_an_archive_that_moves_in_tells_nobody(site, citizen, published):
    subscriber(citizen)
    release = published()
    Delivery.objects.filter(release=release).update(delivered_at=timezone.now() - timedelta(days=4))
    assert send() == []
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("wish", "gets"),
    [
        ({"least": "info"}, True),
        ({"least": "caution"}, True),
        ({"least": "urgent"}, False),
        ({"types": ["gia-danh-co-quan-thue", "khoa-sim"]}, True),
        ({"types": ["khoa-sim"]}, False),
    ],
)
def test_everybody_gets_what_they_chose(site, citizen, published, wish, gets):
    subscriber(citizen, **wish)
    published(severity="caution")
    assert bool(send()) is gets


def test_a_wards_warning_goes_to_the_ward_and_to_who_wants_all(site, citizen, lan, published):
    ward, other = factories.unit("Phường Bình Minh"), factories.unit("Xã Hòa An")
    subscriber(citizen, "a@example.vn", place=str(ward.pk))
    subscriber(citizen, "b@example.vn", place=str(other.pk))
    subscriber(citizen, "c@example.vn")
    release = published()
    assert {letter.to[0] for letter in send()} == {"a@example.vn", "b@example.vn", "c@example.vn"}
    release.page.unit = ward
    release.page.save()
    Notice.objects.all().delete()
    assert {letter.to[0] for letter in send()} == {"a@example.vn", "c@example.vn"}


def test_who_left_or_never_confirmed_gets_nothing(site, citizen, published):
    gone = subscriber(citizen)
    published()
    notices.write_down(timezone.now())
    assert Letter.objects.filter(kind="notice").count() == 1
    gone.delete()
    Subscriber.objects.create(
        key="k", address_digest="d", sealed_address="s", asked_at=timezone.now(), consent_at=timezone.now()
    )
    assert send() == []


def test_letters_are_written_down_in_parts_and_go_on_where_they_were(site, citizen, published, monkeypatch):
    for number in range(5):
        subscriber(citizen, f"a{number}@example.vn")
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    monkeypatch.setattr(notices, "ROUNDS", 1)
    published()
    counts = [notices.write_down(timezone.now()) for _round in range(4)]
    assert counts == [2, 2, 1, 0]
    assert Letter.objects.filter(kind="notice").count() == 5


class Server(BaseEmailBackend):
    """A mail server that does what the test says with each letter."""

    plan: list[Any] = []
    got: list[str] = []

    def send_messages(self, messages):
        act = type(self).plan.pop(0) if type(self).plan else None
        if isinstance(act, Exception):
            raise act
        type(self).got += [message.to[0] for message in messages]
        return len(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.subscriptions.test_notices.Server"
    Server.plan, Server.got = [], []
    return Server


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"x": (code, b"no")})


@pytest.mark.parametrize(
    ("trouble", "ends"),
    [
        (refused(550), Letter.State.REFUSED),
        (refused(451), Letter.State.PENDING),
        (smtplib.SMTPDataError(554, b"no"), Letter.State.PENDING),
        (smtplib.SMTPServerDisconnected("gone"), Letter.State.UNKNOWN),
        (TimeoutError(), Letter.State.UNKNOWN),
    ],
)
def test_each_ending_is_known_for_what_it_is(site, citizen, published, server, settings, trouble, ends):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    subscriber(citizen)
    settings.EMAIL_BACKEND = "tests.subscriptions.test_notices.Server"
    published()
    server.got.clear()
    server.plan = [trouble]
    send()
    letter = Letter.objects.get(kind="notice")
    assert (letter.state, server.got) == (ends, [])
    outbox.send(timezone.now() + timedelta(days=1))
    assert server.got == (["dan@example.vn"] if ends == Letter.State.PENDING else [])


def test_a_broken_connection_leaves_the_others_to_the_next(site, citizen, published, settings, server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for number in range(3):
        subscriber(citizen, f"a{number}@example.vn")
    settings.EMAIL_BACKEND = "tests.subscriptions.test_notices.Server"
    published()
    server.got.clear()
    server.plan = [None, smtplib.SMTPServerDisconnected("gone")]
    send()
    states = list(Letter.objects.filter(kind="notice").order_by("pk").values_list("state", flat=True))
    assert states == ["sent", "unknown", "sent"]
    assert len(server.got) == len(set(server.got)) == 2
    assert outbox.retry_unknown() == 1
    send()
    assert sorted(server.got) == ["a0@example.vn", "a1@example.vn", "a2@example.vn"]


def test_a_process_that_died_while_it_sent_sends_nothing_twice(site, citizen, published):
    subscriber(citizen)
    published()
    notices.write_down(timezone.now())
    letter = Letter.objects.get(kind="notice")
    assert outbox.claim(letter, timezone.now())
    assert not outbox.claim(Letter.objects.get(pk=letter.pk), timezone.now())
    before = len(mail.outbox)
    outbox.send(timezone.now() + timedelta(minutes=11))
    assert len(mail.outbox) == before
    assert Letter.objects.get(pk=letter.pk).state == Letter.State.UNKNOWN


def test_what_is_not_as_signed_is_told_to_nobody(site, citizen, published):
    subscriber(citizen)
    release = published()
    Release.objects.filter(pk=release.pk).update(
        snapshot={**release.snapshot, "summary": "Gọi 0900 000 000 ngay"}
    )
    assert send() == []
    assert Letter.objects.get(kind="notice").state == Letter.State.PENDING
    Release.objects.filter(pk=release.pk).update(snapshot=release.snapshot)
    outbox.send(timezone.now() + timedelta(minutes=2))
    assert (
        len(
            [
                letter
                for letter in mail.outbox
                if "dan@example.vn" in letter.to and release.snapshot["title"] in letter.subject
            ]
        )
        == 1
    )
