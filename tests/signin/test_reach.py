"""An administrator of a ward looks after the sign-in of its own people, and of nobody with a role elsewhere."""

import io

from django.core.management import CommandError, call_command
from django.urls import reverse

import pytest

from cms.signin import invitations, requirement
from cms.signin.models import Invitation
from cms.users import memberships, requests, units
from cms.users.models import Membership, User
from cms.users.roles import Role
from tests import factories
from tests.signin.people import app_code, browser, enter, give_code, is_in, set_up_app

pytestmark = pytest.mark.django_db
NEW = "ba con mèo ngủ trên mái tôn"


@pytest.fixture
def ward(site):
    return factories.unit("Phường Bình Minh")


@pytest.fixture
def other(site):
    return factories.unit("Phường Hòa An")


@pytest.fixture
def chief(ward):
    return factories.user("chi", Role.ADMINISTRATOR, unit=ward)


@pytest.fixture
def inside(chief, clock):
    """The browser of the ward's administrator, past both factors."""
    client = browser("198.51.100.9")
    enter(client, "chi")
    set_up_app(client)
    clock.forward(30)
    return client


def form(unit: object = "") -> dict[str, object]:
    return {
        "last_name": "Phạm Thị",
        "first_name": "Hoa",
        "email": "hoa@example.vn",
        "username": "phamhoa",
        "unit": unit,
    }


def test_a_ward_invites_into_its_own_units_only(inside, ward, other):
    for wrong in ("", other.pk, units.province().pk):
        inside.post(reverse("signin:invite"), form(wrong))
        assert not Invitation.objects.exists()
    inside.post(reverse("signin:invite"), form(ward.pk))
    assert Invitation.objects.get().user.unit == ward


def test_a_ward_sees_and_touches_its_own_invitations_only(inside, nam, other):
    theirs = invitations.invite(
        username="xa", last_name="Lê", first_name="Xa", email="xa@example.vn", by=nam, unit=other
    )
    assert "xa@example.vn" not in inside.get(reverse("signin:invite")).content.decode()
    for view in ("signin:invite_again", "signin:withdraw"):
        assert inside.post(reverse(view, args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_a_ward_helps_its_own_people_only(inside, ward, other):
    own = factories.user("own", Role.EDITOR, unit=ward)
    foreign = factories.user("foreign", Role.EDITOR, unit=other)
    both = factories.user("both", Role.EDITOR, unit=ward)
    memberships.record(both, Role.APPROVER, units.province())
    works_elsewhere = factories.user("guest", unit=other)
    memberships.record(works_elsewhere, Role.EDITOR, ward)
    for person, answer in ((own, 200), (foreign, 404), (both, 302), (works_elsewhere, 302)):
        address = reverse("signin:person_security", args=[person.pk])
        assert inside.get(address).status_code == answer, person
        victim = browser()
        enter(victim, person.username)
        inside.post(address, {"end_sessions": "1"})
        session_lives = victim.get("/admin/").status_code == 200 or "thiet-lap" in victim.get("/admin/").url
        assert session_lives is (person is not own), person


def test_a_ward_cannot_take_over_an_account_through_its_address(inside, ward):
    both = factories.user("both", Role.EDITOR, unit=ward)
    memberships.record(both, Role.EDITOR, units.province())
    edit = reverse("wagtailusers_users:edit", args=[both.pk])
    stolen = {
        "username": "both",
        "email": "kegian@example.vn",
        "first_name": "B",
        "last_name": "A",
        "unit": ward.pk,
    }
    inside.post(edit, stolen)
    both.refresh_from_db()
    assert both.email == "both@example.vn"
    assert both.is_active


def test_one_administrator_alone_does_not_redirect_an_approvers_mail(nam_inside, minh):
    edit = reverse("wagtailusers_users:edit", args=[minh.pk])
    fields = {"username": "minh", "first_name": "Minh", "last_name": "Trần", "is_active": "on"}
    nam_inside.post(edit, {**fields, "email": "kegian@example.vn"})
    minh.refresh_from_db()
    assert (minh.email, minh.first_name) == ("minh@example.vn", "Minh")


def test_the_page_of_a_person_names_no_role_elsewhere(inside, ward, other, nam):
    person = factories.user("hai", Role.EDITOR, unit=ward)
    memberships.record(person, Role.PUBLISHER, other)
    requests.ask(person, Role.APPROVER, other, nam, "Lý do của nơi khác")
    page = inside.get(reverse("users:person", args=[person.pk])).content.decode()
    people = inside.get(reverse("wagtailusers_users:index")).content.decode()
    for words in ("Phường Hòa An", "Lý do của nơi khác"):
        assert words not in page
        assert words not in people
    assert "ngoài các đơn vị bạn quản lý" in page


def test_the_same_role_in_a_further_unit_ends_the_sessions(lan, ward):
    client = browser()
    enter(client, "lan")
    assert is_in(client)
    memberships.record(lan, Role.EDITOR, ward)
    assert not is_in(client)
    enter(client, "lan")
    memberships.end(Membership.objects.get(user=lan, unit=ward))
    assert not is_in(client)


def test_an_ended_role_asks_for_no_factor(minh):
    assert requirement.needs_second_factor(minh)
    memberships.end(Membership.objects.get(user=minh))
    assert not requirement.needs_second_factor(User.objects.get(pk=minh.pk))


def test_roles_are_given_before_the_person_comes(nam_inside, nam, ward):
    nam_inside.post(reverse("signin:invite"), form(ward.pk))
    invited = User.objects.get(username="phamhoa")
    page = reverse("users:person", args=[invited.pk])
    assert "chưa vào lần nào" in nam_inside.get(page).content.decode()
    nam_inside.post(page, {"role": "editor", "unit": ward.pk})
    assert memberships.given(invited, Role.EDITOR)
    assert not memberships.holds(invited, Role.EDITOR), "closed until the person comes"


def test_the_first_administrator_of_an_installation(site, clock, mailoutbox):
    said = io.StringIO()
    names = ["--last-name", "Nguyễn Văn", "--first-name", "An", "--email", "an@example.vn"]
    call_command("invite", "quantri", "--role", "administrator", *names, stdout=said)
    link = said.getvalue().split()[-1]
    client = browser()
    client.get(link[link.index("/admin/") :])
    welcome = client.get(reverse("signin_invitation_form")).content.decode()
    assert "Kẻng" in welcome
    client.post(
        reverse("signin_invitation_form"),
        {"last_name": "Nguyễn Văn", "first_name": "An", "password1": NEW},
    )
    enter(client, "quantri", NEW)
    assert client.get("/admin/").url.startswith(reverse("signin_setup"))
    secret = set_up_app(client)
    assert is_in(client)
    assert client.get(reverse("audit:index")).status_code == 200
    client.post(reverse("signin:invite"), form())
    assert User.objects.filter(username="phamhoa").exists()
    clock.forward(60)
    again = browser()
    enter(again, "quantri", NEW)
    give_code(again, app_code(secret))
    assert is_in(again)
    with pytest.raises(CommandError, match="Tên đăng nhập"):
        call_command("invite", "quantri", *names)
