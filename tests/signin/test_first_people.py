"""A new installation: two administrators by the command line, everybody else by the two of them (docs/operators.md)."""

from io import StringIO

from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

import pytest

from cms.users import units
from cms.users.models import RoleRequest, User
from cms.users.roles import Role
from tests.signin.people import app_code, browser, enter, give_code, is_in, set_up_app
from tests.signin.test_invitations import accept, path_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
WORDS = "ba con mèo ngủ trên mái tôn"


def invited(name: str, number: int) -> str:
    """The path of the link that the command prints."""
    said = StringIO()
    call_command(
        "invite",
        name,
        last_name="Nguyễn Văn",
        first_name=f"An {number}",
        email=f"an{number}@example.gov.vn",
        role=["administrator"],
        stdout=said,
    )
    link = next(line for line in said.getvalue().splitlines() if "/loi-moi/" in line)
    return link[link.index("/admin/") :].strip()


def inside(name: str, path: str, address: str, clock):
    """The browser of somebody who followed the link, signed in and set up the second factor."""
    client = browser(address)
    assert accept(client, path, first_name="An", password1=WORDS).url == reverse("account_login")
    enter(client, name, WORDS)
    # Nothing of the admin opens before the second factor is there.
    assert client.get(reverse("signin:invite")).url.startswith(reverse("signin_setup"))
    set_up_app(client)
    clock.forward(30)
    assert is_in(client)
    return client


def test_from_an_empty_installation_to_the_first_approver(
    clock, mailoutbox, django_capture_on_commit_callbacks
):
    first = inside("quantri", invited("quantri", 1), "198.51.100.7", clock)
    second = inside("quantri2", invited("quantri2", 2), "198.51.100.8", clock)
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        first.post(
            reverse("signin:invite"),
            {
                "last_name": "Lê Văn",
                "first_name": "Cường",
                "email": "cuong@example.gov.vn",
                "username": "cuong",
            },
        )
    cuong = User.objects.get(username="cuong")
    role = {"role": Role.APPROVER.value, "unit": units.province().pk, "reason": "Quyết định 12"}
    assert first.post(reverse("users:person", args=[cuong.pk]), role).status_code == 302
    [asked] = RoleRequest.objects.all()
    decide = reverse("users:decide", args=[asked.pk])
    first.post(decide, {"decision": "confirm"})
    assert not cuong.memberships.exists(), "one administrator alone makes no approver"
    second.post(decide, {"decision": "confirm"})
    assert cuong.memberships.get().role == Role.APPROVER

    approver = browser("198.51.100.9")
    accept(approver, path_in(mailoutbox[0]), password1=WORDS)
    enter(approver, "cuong", WORDS)
    secret = set_up_app(approver)
    clock.forward(30)
    assert "Chờ bạn duyệt" in approver.get("/admin/").content.decode()
    approver.post(reverse("account_logout"))
    enter(approver, "cuong", WORDS)
    clock.forward(30)
    give_code(approver, app_code(secret))
    assert is_in(approver)


def test_the_command_says_what_is_wrong_and_makes_nothing():
    before = User.objects.count()
    with pytest.raises(CommandError, match=r"email|thư"):
        call_command(
            "invite", "quantri", last_name="A", first_name="B", email="không-phải-thư", role=["administrator"]
        )
    invited("quantri", 1)
    with pytest.raises(CommandError):
        invited("quantri", 2)
    assert User.objects.count() == before + 1


def test_a_new_link_for_whoever_lost_theirs(capsys):
    old = invited("quantri", 1)
    call_command("invite", "quantri", again=True)
    printed = capsys.readouterr().out
    fresh = printed[printed.index("/admin/loi-moi/") :].strip()
    assert browser().get(old).status_code == 410
    assert accept(browser(), fresh, password1=WORDS).status_code == 302
    for name in ("quantri", "khong-co"):
        with pytest.raises(CommandError, match="đang chờ lời mời"):
            call_command("invite", name, again=True)
