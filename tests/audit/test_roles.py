"""Roles, units and invitations in the trail: each change once, with before and after."""

from datetime import date

from django.urls import reverse

import pytest

from cms.audit.models import Entry
from cms.users import memberships, requests, units
from cms.users.models import Membership, RoleRequest
from cms.users.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def nam(site):
    return factories.user("nam", Role.ADMINISTRATOR)


@pytest.fixture
def hoa(site):
    return factories.user("hoa", unit=factories.unit("Phường Bình Minh"))


def entries(kind: str, action: str = "") -> list[Entry]:
    found = Entry.objects.filter(object_type=kind).order_by("pk")
    return list(found.filter(action=action) if action else found)


def test_a_role_given_on_the_page_is_one_entry_about_the_role(client, nam, hoa):
    client.force_login(nam)
    before = Entry.objects.count()
    client.post(reverse("users:person", args=[hoa.pk]), {"role": "editor", "unit": hoa.unit.pk})
    held = Membership.objects.get(user=hoa)
    made = entries("users.membership", "audit.create")[-1]
    assert (made.object_id, made.login) == (str(held.pk), "nam")
    for word in ("hoa", "Phường Bình Minh", "editor"):
        assert word in made.changes
    # The other entry is about the account: its permissions changed with the group of the role.
    new = Entry.objects.order_by("pk")[before:]
    assert sorted(entry.object_type for entry in new) == ["users.membership", "users.user"]
    assert not Entry.objects.filter(action__startswith="keng.role").exists()

    client.post(reverse("users:end_role", args=[held.pk]))
    ended = entries("users.membership", "audit.change")
    assert len(ended) == 1
    assert '"ended_by":[null,' in ended[0].changes.replace(" ", "")


def test_a_request_and_its_confirmation(nam, hoa):
    asked = requests.ask(hoa, Role.APPROVER, hoa.unit, nam, "Phó Chủ tịch")
    requests.confirm(asked, factories.user("binh", Role.ADMINISTRATOR))
    actions = [entry.action for entry in entries("users.rolerequest")]
    assert actions == ["audit.create", "audit.change"]
    assert "confirmed" in entries("users.rolerequest")[-1].changes
    assert len([e for e in entries("users.membership", "audit.create") if "hoa" in e.changes]) == 1


def test_a_unit_and_its_merger(client, nam, hoa):
    client.force_login(nam)
    fields = {"name": "Phường Mới", "code": "PM", "kind": "ward", "parent": units.province().pk}
    before = len(entries("users.unit", "audit.create"))
    client.post(reverse("users_units:add"), fields)
    made = entries("users.unit")
    assert len([entry for entry in made if entry.object_label == "Phường Mới"]) == 1
    assert len(entries("users.unit", "audit.create")) == before + 1
    requests.ask(hoa, Role.APPROVER, hoa.unit, nam, "x")
    into = units.Unit.objects.get(code="PM")
    units.merge(hoa.unit, into, on=date(2026, 7, 1), decision="1660/NQ", by=nam)
    merged = entries("users.unitmerge")
    assert [entry.action for entry in merged] == ["audit.create"]
    assert "1660/NQ" in merged[0].changes
    assert not Entry.objects.filter(action="keng.unit_merged").exists()
    assert RoleRequest.objects.get().state == "refused"
    assert entries("users.rolerequest")[-1].action == "audit.change"


def test_an_invitation_without_what_makes_its_link(client, nam):
    client.force_login(nam)
    form = {"last_name": "Phạm", "first_name": "Hà", "email": "ha@example.vn", "username": "phamha"}
    assert client.post(reverse("signin:invite"), form).status_code == 302
    made = entries("signin.invitation")
    assert [entry.action for entry in made] == ["audit.create"]
    invitation = memberships.person("phamha").invitation
    assert invitation.nonce not in made[0].changes + made[0].details
    client.post(reverse("signin:withdraw", args=[invitation.pk]))
    assert [entry.action for entry in entries("signin.invitation")] == ["audit.create", "audit.change"]
    assert not Entry.objects.filter(action__startswith="keng.invit").exists()
