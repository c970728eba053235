"""Accounts are opened by invitation, and closed, never deleted."""

from django.core.checks import run_checks
from django.urls import reverse

from wagtail.models import ModelLogEntry

import pytest

from cms.users.models import User
from tests.signin.people import browser, enter, is_in

pytestmark = pytest.mark.django_db
FORM = {"last_name": "Phạm Thị", "first_name": "Hoa", "email": "hoa@example.vn", "username": "hoa"}
NEW = "ba con mèo ngủ trên mái tôn"


@pytest.fixture
def link(nam_inside, mailoutbox, django_capture_on_commit_callbacks):
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer = nam_inside.post(reverse("signin:invite"), FORM)
    assert answer.status_code == 302, answer.content.decode()
    assert mailoutbox[0].to == ["hoa@example.vn"]
    return path_in(mailoutbox[0])


def path_in(message) -> str:
    word = next(word for word in message.body.split() if "/loi-moi/" in word)
    return word[word.index("/admin/") :]


def accept(client, path: str, **changes):
    client.get(path)
    answers = {"last_name": "Phạm Thị", "first_name": "Hoa", "password1": NEW, **changes}
    return client.post(reverse("signin_invitation_form"), answers)


def test_the_person_checks_the_name_chooses_a_password_and_is_in(link):
    assert not User.objects.get(username="hoa").is_active
    client = browser()
    answer = client.get(link)
    assert answer.url == reverse("signin_invitation_form"), "the key left the address"
    page = client.get(answer.url).content.decode()
    assert 'value="Phạm Thị"' in page
    answer = accept(client, link, last_name="Phạm Thị Ngọc")
    assert answer.url == reverse("account_login")
    enter(client, "hoa", NEW)
    hoa = User.objects.get(username="hoa")
    assert hoa.is_active
    assert hoa.get_full_name() == "Phạm Thị Ngọc Hoa"
    actions = set(ModelLogEntry.objects.filter(object_id=str(hoa.pk)).values_list("action", flat=True))
    assert {"keng.invited", "keng.invitation_accepted"} <= actions


def test_a_link_works_once(link):
    accept(browser(), link)
    other = browser()
    assert other.get(link).status_code == 410
    assert accept(other, link, password1="mật mã khác hẳn cũ rồi").status_code == 410
    enter(other, "hoa", "mật mã khác hẳn cũ rồi")
    assert not is_in(other)


def test_two_who_have_the_page_open_the_second_is_told(link):
    first, second = browser(), browser()
    first.get(link)
    second.get(link)
    assert accept(first, link).status_code == 302
    late = second.post(
        reverse("signin_invitation_form"), {"last_name": "A", "first_name": "B", "password1": NEW + "!"}
    )
    assert late.status_code == 410


def test_a_link_gets_too_old(link, clock):
    clock.forward(72 * 3600 - 60)
    assert browser().get(link).status_code == 302
    clock.forward(61)
    assert browser().get(link).status_code == 410


def test_a_new_link_makes_the_old_one_void(link, nam_inside, mailoutbox, django_capture_on_commit_callbacks):
    pk = User.objects.get(username="hoa").invitation.pk
    with django_capture_on_commit_callbacks(execute=True):
        nam_inside.post(reverse("signin:invite_again", args=[pk]))
    assert browser().get(link).status_code == 410
    assert browser().get(path_in(mailoutbox[-1])).status_code == 302


def test_an_invitation_can_be_withdrawn(link, nam_inside):
    pk = User.objects.get(username="hoa").invitation.pk
    opened = browser()
    opened.get(link)
    nam_inside.post(reverse("signin:withdraw", args=[pk]))
    assert browser().get(link).status_code == 410
    assert accept(opened, link).status_code == 410
    assert "đã thu hồi" in nam_inside.get(reverse("signin:invite")).content.decode()


def test_a_changed_link_opens_nothing(link):
    token = link.rstrip("/").rsplit("/", 1)[1]
    for changed in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", token.replace(":", ".", 1)):
        assert browser().get(f"/admin/loi-moi/{changed}/").status_code == 410
    assert browser().get(reverse("signin_invitation_form")).status_code == 410


def test_bad_input_is_answered_beside_the_field_and_kept(nam_inside, lan):
    answer = nam_inside.post(reverse("signin:invite"), {**FORM, "username": "LAN", "email": lan.email})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Tên đăng nhập này đã có người dùng" in page
    assert "Đã có tài khoản dùng địa chỉ này" in page
    assert 'value="Phạm Thị"' in page
    weak = browser()
    assert not User.objects.filter(username="hoa").exists()
    assert weak.get(reverse("signin:invite")).status_code == 302


def test_a_weak_password_keeps_the_link_good(link):
    client = browser()
    answer = accept(client, link, password1="hoahoahoahoahoa")
    assert answer.status_code == 200
    assert "đoán" in answer.content.decode()
    assert accept(client, link).status_code == 302


def test_only_those_who_may_add_users_invite(lan):
    client = browser()
    enter(client, "lan")
    answer = client.post(reverse("signin:invite"), FORM)
    assert answer.status_code == 302
    assert not User.objects.filter(username="hoa").exists()


def test_accounts_are_not_deleted(nam_inside, lan):
    for address in (
        reverse("wagtailusers_users:delete", args=[lan.pk]),
        reverse("wagtail_bulk_action", args=["users", "user", "delete"]) + f"?id={lan.pk}",
    ):
        nam_inside.get(address)
        nam_inside.post(address)
    lan.refresh_from_db()


def test_an_exemption_on_a_real_site_is_an_error_and_has_no_effect(settings, nam):
    settings.SECOND_FACTOR_EXEMPT = ["nam"]
    settings.SECOND_FACTOR_EXEMPTION_ALLOWED = True
    client = browser()
    enter(client, "nam")
    assert is_in(client), "a demonstration"
    settings.SECOND_FACTOR_EXEMPTION_ALLOWED = False
    assert not is_in(client)
    assert "keng.E010" in [found.id for found in run_checks(tags=["security"])]
    settings.SECOND_FACTOR_REQUIRED = False
    assert "keng.E011" in [found.id for found in run_checks(tags=["security"])]
