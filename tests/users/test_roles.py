"""Who gives which role to whom, and what a role gives."""

import io
from datetime import timedelta

from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.users import memberships, requests
from cms.users.models import Membership, RoleRequest, User
from cms.users.refusals import Refused
from cms.users.roles import CONFIRMED_BY_TWO, Role
from tests import factories

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_the_unit_and_below_only(tree, role):
    person = factories.user("hoa")
    memberships.record(person, role, tree.department)
    assert memberships.holds(person, role)
    assert memberships.holds(person, role, unit=tree.department)
    assert memberships.holds(person, role, unit=tree.division)
    for foreign in (tree.province, tree.ward):
        assert not memberships.holds(person, role, unit=foreign)
    for other in set(Role) - {role}:
        assert not memberships.holds(person, other)


def test_neither_a_superuser_nor_a_group_nor_an_ended_account_holds_anything(tree):
    chief = factories.user("root", superuser=True)
    assert not memberships.holds(chief, *Role)
    from django.contrib.auth.models import Group

    sly = factories.user("sly")
    sly.groups.add(Group.objects.get(name="approver"))
    assert not memberships.holds(fresh(sly), Role.APPROVER)
    gone = factories.user("gone", Role.APPROVER)
    gone.is_active = False
    assert not memberships.holds(gone, Role.APPROVER)


@pytest.mark.parametrize("role", sorted(CONFIRMED_BY_TWO))
def test_approvers_and_administrators_need_two(tree, role):
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    person = factories.user("hoa")
    with pytest.raises(Refused):
        memberships.grant(person, role, tree.ward, first)
    asked = requests.ask(person, role, tree.ward, first)
    assert not memberships.holds(fresh(person), role)
    for wrong in (first, person, factories.user("c", Role.APPROVER), factories.user("r", superuser=True)):
        with pytest.raises(Refused):
            requests.confirm(asked, wrong)
    requests.confirm(asked, second)
    held = Membership.objects.get(user=person)
    assert (held.granted_by, held.confirmed_by) == (first, second)
    assert memberships.holds(fresh(person), role, unit=tree.ward)
    with pytest.raises(Refused):
        requests.confirm(asked, second)


def test_the_second_administrator_may_not_be_the_receiving_one(tree):
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    asked = requests.ask(second, Role.APPROVER, tree.province, first)
    with pytest.raises(Refused):
        requests.confirm(asked, second)


def test_a_request_of_somebody_who_lost_the_role_is_worth_nothing(tree):
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    asked = requests.ask(factories.user("hoa"), Role.APPROVER, tree.ward, first)
    memberships.revoke(Membership.objects.get(user=first), second)
    with pytest.raises(Refused):
        requests.confirm(asked, second)


def test_a_request_runs_out_and_can_be_made_again(tree):
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    person = factories.user("hoa")
    asked = requests.ask(person, Role.APPROVER, tree.ward, first)
    with pytest.raises(Refused):
        requests.ask(person, Role.APPROVER, tree.ward, second)
    RoleRequest.objects.filter(pk=asked.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        requests.confirm(asked, second)
    requests.confirm(requests.ask(person, Role.APPROVER, tree.ward, second), first)
    assert memberships.holds(fresh(person), Role.APPROVER)


def test_nobody_changes_their_own_roles(tree):
    chief = factories.user("chi", Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        memberships.grant(chief, Role.EDITOR, tree.province, chief)
    with pytest.raises(Refused):
        requests.ask(chief, Role.APPROVER, tree.province, chief)
    with pytest.raises(Refused):
        memberships.revoke(Membership.objects.get(user=chief), chief)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Membership.objects.create(
            user=chief, unit=tree.ward, role=Role.APPROVER, granted_by=chief, granted_at=timezone.now()
        )


def test_a_ward_gives_no_role_outside_itself(tree):
    chief = factories.user("chi", Role.ADMINISTRATOR, unit=tree.ward)
    person = factories.user("hoa")
    memberships.grant(person, Role.EDITOR, tree.ward, chief)
    for foreign in (tree.province, tree.other_ward, tree.division):
        with pytest.raises(Refused):
            memberships.grant(person, Role.EDITOR, foreign, chief)
        with pytest.raises(Refused):
            requests.ask(person, Role.APPROVER, foreign, chief)


def test_the_last_administrator_of_the_province_stays(tree):
    chief = factories.user("chi", Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        memberships.revoke(Membership.objects.get(user=chief), factories.user("root", superuser=True))


def test_the_page_of_a_person(tree, client):
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    person = factories.user("hoa", unit=tree.ward)
    page = reverse("users:person", args=[person.pk])
    client.force_login(first)
    client.post(page, {"role": "editor", "unit": tree.ward.pk})
    assert memberships.holds(fresh(person), Role.EDITOR, unit=tree.ward)
    client.post(page, {"role": "approver", "unit": tree.ward.pk, "reason": "Phó Chủ tịch phường"})
    assert not memberships.holds(fresh(person), Role.APPROVER)
    waiting = client.get(reverse("users:requests")).content.decode()
    assert "Phó Chủ tịch phường" in waiting
    assert 'value="confirm"' not in waiting
    asked = RoleRequest.objects.get()
    client.post(reverse("users:decide", args=[asked.pk]), {"decision": "confirm"})
    assert not memberships.holds(fresh(person), Role.APPROVER)
    client.force_login(second)
    assert 'value="confirm"' in client.get(reverse("users:requests")).content.decode()
    assert client.post(reverse("users:decide", args=[asked.pk]), {"decision": "refuse"}).status_code == 422
    client.post(reverse("users:decide", args=[asked.pk]), {"decision": "confirm"})
    assert memberships.holds(fresh(person), Role.APPROVER, unit=tree.ward)
    shown = client.get(page).content.decode()
    assert "Người duyệt" in shown
    assert "Phường Bình Minh" in shown
    for membership in Membership.objects.filter(user=person):
        client.post(reverse("users:end_role", args=[membership.pk]))
    assert not memberships.holds(fresh(person), *Role)
    own = client.get(reverse("users:person", args=[second.pk])).content.decode()
    assert 'name="role"' not in own


def test_a_person_is_made_without_groups_and_superuser(tree, client):
    client.force_login(factories.user("chi", Role.ADMINISTRATOR))
    fields = {
        "username": "moi",
        "email": "moi@example.vn",
        "first_name": "Mới",
        "last_name": "Nguyễn Văn",
        "unit": tree.ward.pk,
        "position": "Công chức văn hóa",
        "password1": factories.PASSWORD,
        "password2": factories.PASSWORD,
        "is_superuser": "on",
        "groups": [1, 2, 3],
    }
    answer = client.post(reverse("wagtailusers_users:add"), fields)
    made = User.objects.get(username="moi")
    assert answer.url == reverse("users:person", args=[made.pk])
    assert made.unit == tree.ward
    assert not made.is_superuser
    assert not made.groups.exists()
    edit = reverse("wagtailusers_users:edit", args=[made.pk])
    client.post(edit, {**fields, "is_active": "on", "position": "Chuyên viên"})
    made.refresh_from_db()
    assert (made.position, made.is_superuser, made.groups.count()) == ("Chuyên viên", False, 0)


def test_an_administrator_cannot_set_an_approvers_password(tree, client):
    client.force_login(factories.user("chi", Role.ADMINISTRATOR))
    approver = factories.user("an", Role.APPROVER)
    edit = reverse("wagtailusers_users:edit", args=[approver.pk])
    assert "password1" not in client.get(edit).content.decode()
    client.post(
        edit,
        {
            "username": "an",
            "email": "an@example.vn",
            "first_name": "An",
            "last_name": "Trần",
            "unit": tree.province.pk,
            "is_active": "on",
            "password1": "a-stolen-password",
            "password2": "a-stolen-password",
        },
    )
    approver.refresh_from_db()
    assert approver.first_name == "An"
    assert approver.check_password(factories.PASSWORD)


def test_roles_are_not_given_in_bulk(tree, client):
    client.force_login(factories.user("chi", Role.ADMINISTRATOR))
    person = factories.user("hoa")
    address = reverse("wagtail_bulk_action", args=["users", "user", "assign_role"])
    client.post(f"{address}?id={person.pk}", {"role": 1})
    assert not person.groups.exists()


def test_the_first_people_come_from_the_command_line(tree):
    person = factories.user("hoa")
    said = io.StringIO()
    call_command("staff", "grant", "hoa", "administrator", stdout=said)
    assert memberships.holds(fresh(person), Role.ADMINISTRATOR, unit=tree.ward)
    assert "hoa" in said.getvalue()
    call_command("staff", "grant", "hoa", "approver", "--unit", "Phường Bình Minh", stdout=said)
    assert memberships.holds(fresh(person), Role.APPROVER, unit=tree.ward)
    call_command("staff", "list", stdout=said)
    call_command("staff", "revoke", "hoa", "approver", "--unit", "Phường Bình Minh", stdout=said)
    assert not memberships.holds(fresh(person), Role.APPROVER)
    with pytest.raises(CommandError):
        call_command("staff", "grant", "nobody", "approver")
    with pytest.raises(CommandError):
        call_command("staff", "grant", "hoa", "approver", "--unit", "Quận 1")


def test_the_start_page_shows_what_waits_for_a_second_administrator(tree, client):
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    requests.ask(factories.user("hoa"), Role.APPROVER, tree.ward, first)
    for person, may_decide in ((first, False), (second, True)):
        client.force_login(person)
        page = client.get("/admin/").text
        panel = page[page.index('id="role-requests') :]
        assert "hoa" in panel
        assert 'href="/admin/nhan-su/de-nghi/"' in panel
        assert ("quản trị viên khác quyết định" in panel) is not may_decide
    client.force_login(factories.user("lan", Role.EDITOR))
    assert "role-requests" not in client.get("/admin/").text
