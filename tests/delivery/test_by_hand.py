"""An operator's phone page: ready text, one tap, proof, and nothing for anybody else."""

import io
from datetime import timedelta

from django.core import mail
from django.test import Client
from django.urls import reverse

from wagtail.models import PageLogEntry

import pytest
from PIL import Image

from cms.users.roles import Role
from publishers import services
from publishers.assisted import links, proof, reminders
from publishers.models import AssistedTask, Delivery
from publishers.states import State
from tests import factories
from tests.delivery.conftest import of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(lan, minh, hand, engine):
    signed = sign(factories.warning(lan, channels=[hand.name], severity="caution"), lan, minh)
    engine.turn()
    engine.turn(20)
    return signed


@pytest.fixture
def task(release):
    return AssistedTask.objects.get()


def address(task, *, end=""):
    return f"/viec/{links.token_for(task.operator)}/{task.pk}/{end}"


def picture(kind="PNG", size=(40, 60)) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, kind)
    made.seek(0)
    made.name = "man-hinh.png"
    return made


def test_the_delivery_waits_for_its_operator(release, hand, task):
    delivery = of(release, hand)
    assert (delivery.state, delivery.error_code) == (State.AWAITING_PERSON, "assisted")
    assert task.operator == hand.operator


def test_the_page_holds_exactly_the_sealed_text_and_sets_no_cookie(release, task, client):
    shown = client.get(address(task))
    assert task.delivery.payload.text.splitlines()[0] in shown.content.decode()
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in shown.headers["Cache-Control"]
    assert not shown.cookies
    assert len(shown.content) < 40_000
    task.refresh_from_db()
    assert task.opened_at


def test_its_picture_comes_from_the_same_place(task, client):
    image = client.get(address(task, end="anh/0/"))
    assert image.headers["Content-Type"] == "image/jpeg"
    assert client.get(address(task, end="anh/7/")).status_code == 404


def test_one_tap_puts_it_on_record_and_a_second_changes_nothing(task, client):
    for _ in range(2):
        said = client.post(address(task, end="da-gui/"), {"url": "https://zalo.me/g/1"})
        assert said.status_code == 302
    delivery = Delivery.objects.get(pk=task.delivery_id)
    assert (delivery.state, delivery.remote_url) == (State.DELIVERED, "https://zalo.me/g/1")
    assert delivery.transitions.filter(after=State.DELIVERED).count() == 1


def test_a_tap_made_offline_keeps_its_time_but_not_an_impossible_one(task, client):
    at = task.created_at + timedelta(seconds=1)
    reply = client.post(
        address(task, end="da-gui/"),
        {"at": str(int(at.timestamp() * 1000) + 10**12)},
        headers={"accept": "application/json"},
    )
    assert reply.json()["state"] == "done"
    task.refresh_from_db()
    assert task.created_at <= task.done_at <= task.received_at


def test_a_screenshot_is_kept_apart_and_seen_by_staff_only(task, client, lan):
    client.post(address(task, end="da-gui/"), {"screenshot": picture()})
    task.refresh_from_db()
    assert proof.path_of(task.proof_image).exists()
    staff = f"/admin/phat-hanh/luot-gui/{task.delivery_id}/minh-chung/"
    assert client.get(staff).status_code == 302
    client.force_login(lan)
    assert client.get(staff).headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"PK\x03\x04zip", b"", b"\xff\xd8\xff\xe0broken"])
def test_what_is_no_picture_is_refused_and_the_task_stays_open(task, client, data):
    file = io.BytesIO(data)
    file.name = "anh.jpg"
    reply = client.post(address(task, end="da-gui/"), {"screenshot": file, "url": "https://zalo.me/g/1"})
    task.refresh_from_db()
    assert (reply.status_code, task.done_at is None) in {(422, True), (302, False)}
    assert not task.proof_image


def test_a_hostile_link_is_not_kept(task, client):
    client.post(address(task, end="da-gui/"), {"url": "javascript:alert(1)"})
    assert Delivery.objects.get(pk=task.delivery_id).remote_url == ""


@pytest.mark.parametrize("token", ["x", "a:b:c", "WzEsMV0:1abc:zzz"])
def test_a_wrong_link_says_what_to_do_and_shows_nothing(token, task, client):
    shown = client.get(f"/viec/{token}/{task.pk}/")
    assert shown.status_code == 404
    assert task.delivery.payload.title not in shown.content.decode()
    assert "Liên kết này không dùng được" in shown.content.decode()


def test_a_revoked_link_is_dead(task, client):
    old = address(task)
    links.revoke(task.operator)
    assert client.get(old).status_code == 404


def test_an_expired_link_says_so(task, client, settings):
    old = address(task)
    settings.ASSISTED_LINK_DAYS = 0
    shown = client.get(old)
    assert shown.status_code == 410
    assert "hết hạn" in shown.content.decode()


def test_another_operators_task_is_not_there(task, client):
    from publishers.models import Operator

    other = Operator.objects.create(name="Người khác")
    assert client.get(f"/viec/{links.token_for(other)}/{task.pk}/").status_code == 404


def test_a_cancelled_task_is_refused_kindly(task, client, minh):
    services.cancel(task.delivery, minh, "Không cần nữa")
    shown = client.get(address(task)).content.decode()
    assert "không còn cần đăng" in shown
    reply = client.post(address(task, end="da-gui/"), headers={"accept": "application/json"})
    assert reply.status_code == 409
    assert Delivery.objects.get(pk=task.delivery_id).state == State.CANCELLED


def test_the_office_confirms_what_an_operator_said_by_telephone(task, client):
    staff = Client()
    staff.force_login(factories.user("quan", Role.ADMINISTRATOR))
    theirs, ours = address(task), reverse("publishers:delivery_posted", args=[task.delivery_id])
    refused = staff.post(ours, {"url": "", "reason": " "})
    assert refused.status_code == 422
    assert Delivery.objects.get(pk=task.delivery_id).state == State.AWAITING_PERSON
    # A post in a group has no address.
    staff.post(ours, {"url": "", "reason": "Anh Tám gọi điện báo đã đăng lúc 9:40."})
    delivery = Delivery.objects.get(pk=task.delivery_id)
    assert (delivery.state, delivery.remote_url) == (State.DELIVERED, "")
    assert PageLogEntry.objects.get(action="publishers.mark_posted").data["reason"].endswith("lúc 9:40.")
    assert "đã được ghi nhận là đã gửi" in client.get(theirs).content.decode()


def test_whoever_signs_in_reaches_their_own_list(task, client, lan):
    assert client.get("/viec/").status_code == 302
    client.force_login(lan)
    assert client.get("/viec/").status_code == 404
    task.operator.user = lan
    task.operator.save()
    assert client.get("/viec/", follow=True).status_code == 200


def test_operators_are_told_once_reminded_once_and_then_somebody_else_is(task, engine):
    chief = factories.user("quan", Role.ADMINISTRATOR)
    now = task.created_at
    assert reminders.remind(now).told == 1
    assert reminders.remind(now).told == 0
    (letter,) = [row for row in mail.outbox if row.to == ["hoa@example.vn"]]
    assert "/viec/" in letter.body
    assert reminders.remind(now + timedelta(hours=3)).reminded == 1
    late = reminders.remind(now + timedelta(hours=9))
    assert (late.reminded, late.escalated) == (0, 1)
    assert {"truong@example.vn", chief.email} <= {to for row in mail.outbox for to in row.to}
    before = len(mail.outbox)
    reminders.remind(now + timedelta(hours=10))
    assert len(mail.outbox) == before


def test_nobody_is_reminded_of_what_is_done(task, client):
    client.post(address(task, end="da-gui/"))
    assert reminders.remind(task.created_at + timedelta(hours=9)) == reminders.Reminded(0, 0, 0)
