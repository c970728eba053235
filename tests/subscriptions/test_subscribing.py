"""Asking, confirming, changing and leaving: only who owns the address decides, and nobody learns who is known."""

from datetime import timedelta

from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

import pytest

from cms.subscriptions import erasing
from cms.subscriptions.models import Letter, Subscriber
from cms.users.roles import Role
from tests import factories
from tests.subscriptions.conftest import ASK, ask, link, send, subscriber

pytestmark = pytest.mark.django_db


def test_only_a_press_of_the_button_confirms(site, citizen):
    answer = ask(citizen, "Lan.Anh@Example.vn")
    assert "Hãy xem hộp thư" in answer.content.decode()
    assert not answer.cookies
    (letter,) = send()
    assert letter.to == ["lan.anh@example.vn"]
    path = link(letter, "xac-nhan")
    page = citizen.get(path)
    citizen.head(path)
    assert "Đồng ý nhận cảnh báo" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert Subscriber.objects.get().confirmed_at is None
    assert "Từ nay bạn nhận cảnh báo" in citizen.post(path).content.decode()
    kept = Subscriber.objects.get()
    assert kept.confirmed_at
    assert (kept.consent_version, kept.consent_at is None) == ("2026-11", False)
    assert "Từ nay bạn nhận cảnh báo" in citizen.post(path).content.decode()


def test_the_link_to_confirm_grows_old(site, citizen, settings):
    ask(citizen)
    path = link(send()[0], "xac-nhan")
    settings.SUBSCRIPTION_HOURS = -1
    assert citizen.post(path).status_code == 404
    assert Subscriber.objects.get().confirmed_at is None


def test_known_and_unknown_addresses_get_the_same_answer(site, citizen):
    subscriber(citizen, "dan@example.vn", least="urgent")
    known = ask(citizen, "dan@example.vn", least="info")
    unknown = ask(citizen, "moi@example.vn")
    assert known.content == unknown.content
    assert (known.status_code, dict(known.headers)) == (unknown.status_code, dict(unknown.headers))
    # What the owner chose stays: a stranger may have typed the address.
    assert Subscriber.objects.order_by("pk")[0].least == "urgent"


def test_who_subscribes_again_is_told_and_may_change(site, citizen):
    first = subscriber(citizen)
    Letter.objects.update(at=timezone.now() - timedelta(hours=1))
    ask(citizen)
    (letter,) = send()
    assert "đã đăng ký" in letter.subject
    path = link(letter, "tuy-chon")
    page = citizen.get(path).content.decode()
    assert "dan@example.vn" not in page
    citizen.post(path, {"least": "urgent", "types": ["gia-danh-co-quan-thue"]})
    first.refresh_from_db()
    assert (first.least, first.all_types, first.types.get().key) == ("urgent", False, "gia-danh-co-quan-thue")


def test_leaving_takes_one_post_and_forgets_the_address(site, citizen):
    subscriber(citizen)
    Letter.objects.update(at=timezone.now() - timedelta(hours=1))
    ask(citizen)
    letter = send()[0]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    path = address.removeprefix("http://127.0.0.1:8000")
    assert "Thôi nhận cảnh báo" in citizen.get(path).content.decode()
    assert Subscriber.objects.exists()
    # A mail program posts this, from nowhere and without a cookie.
    answer = citizen.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()
    assert not Letter.objects.exists()
    assert citizen.post(path).status_code == 200
    assert citizen.post(path[:-3] + "x/").status_code == 404


def test_nobody_floods_anothers_mailbox(site, citizen):
    for _number in range(4):
        ask(citizen, "nan-nhan@example.vn")
    assert len(send()) == 1
    Letter.objects.update(at=timezone.now() - timedelta(minutes=11))
    for _number in range(4):
        ask(citizen, "nan-nhan@example.vn")
        Letter.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert Letter.objects.count() == 3


def test_one_network_asks_so_often_and_no_more(site, citizen):
    answers = [ask(citizen, f"a{number}@example.vn").status_code for number in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "x",
        "a@b",
        "dan@example.vn\nBcc: x@y.vn",
        "á@example.vn",
        "a" * 300 + "@example.vn",
        "a@example.vn, b@example.vn",
    ],
)
def test_what_is_no_address_is_said_so_and_nothing_is_lost(site, citizen, email):
    answer = citizen.post(ASK, {"email": email, "least": "urgent", "types": ["khoa-sim"], "agreed": "1"})
    if "\n" in email:
        return
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Hãy nhập một địa chỉ email" in text
    assert 'value="urgent" checked' in text
    assert 'value="khoa-sim" checked' in text


def test_addresses_stand_nowhere_in_the_clear(site, citizen, caplog):
    with caplog.at_level("DEBUG"):
        subscriber(citizen, "bi-mat@example.vn")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert not any("bi-mat@" in str(row) for row in cursor.fetchall()), table
    assert "bi-mat@" not in caplog.text


def test_addresses_are_found_after_the_key_changed(site, citizen, settings):
    subscriber(citizen)
    settings.CREDENTIAL_KEYS = ["new", *settings.CREDENTIAL_KEYS]
    ask(citizen)
    assert Subscriber.objects.count() == 1
    call_command("subscriptions", "reseal")
    settings.CREDENTIAL_KEYS = ["new"]
    assert erasing.forget("DAN@example.vn ")
    assert not Subscriber.objects.exists()


def test_what_was_never_confirmed_is_forgotten(site, citizen):
    subscriber(citizen)
    ask(citizen, "moi@example.vn")
    now = timezone.now()
    assert erasing.run(now + timedelta(hours=47)) == 0
    assert erasing.run(now + timedelta(hours=49)) == 1
    assert Subscriber.objects.get().confirmed_at


def test_the_province_sees_figures_and_no_address(site, citizen, client):
    subscriber(citizen)
    client.force_login(factories.user("quan", Role.ADMINISTRATOR))
    text = client.get("/admin/theo-doi/").content.decode()
    assert "dan@example.vn" not in text
    assert "Số người đăng ký" in text
    client.post("/admin/theo-doi/xoa/", {"address": "dan@example.vn"})
    assert not Subscriber.objects.exists()
    ward = factories.unit("Phường Bình Minh")
    for role in Role:
        client.force_login(factories.user(f"duoi-{role.value}", role, unit=ward))
        assert client.get("/admin/theo-doi/").status_code in (302, 403)
        assert client.post("/admin/theo-doi/xoa/", {"address": "x@y.vn"}).status_code in (302, 403)


def test_letters_of_practice_leave_no_machine(site, citizen, settings, tmp_path):
    settings.PRACTICE = True
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    ask(citizen)
    assert send() == []
    assert mail.outbox == []
    (file,) = (tmp_path / "mail").iterdir()
    assert (
        "theo-doi/xac-nhan" in __import__("quopri").decodestring(file.read_bytes()).decode("utf-8", "replace")
        or file.stat().st_size
    )
    assert Letter.objects.get().state == Letter.State.SENT
