"""The tree of units: what may stand where, moving, merging, and what goes along."""

from datetime import date

from django.core.exceptions import ValidationError
from django.urls import reverse

import pytest

from cms.users import memberships, units
from cms.users.enums import RequestState, UnitKind
from cms.users.models import Membership, RoleRequest, Unit, UnitMerge
from cms.users.refusals import Refused
from cms.users.roles import Role
from media.services import add_image
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.media.pictures import png

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 1)


def below(unit: Unit) -> set[str]:
    return set(unit.subtree().values_list("name", flat=True))


@pytest.mark.parametrize(
    ("kind", "above", "field"),
    [
        (UnitKind.WARD, "department", "parent"),
        (UnitKind.WARD, "ward", "parent"),
        (UnitKind.DEPARTMENT, "division", "parent"),
        (UnitKind.PROVINCE, "province", "kind"),
        (UnitKind.WARD, None, "parent"),
    ],
)
def test_what_cannot_stand_there_is_refused_at_its_field(tree, kind, above, field):
    parent = getattr(tree, above) if above else None
    with pytest.raises(ValidationError) as caught:
        Unit(name="Đơn vị mới", kind=kind, parent=parent).full_clean()
    assert field in caught.value.message_dict


def test_no_kind_is_a_district():
    assert not any("huyện" in str(label).lower() or "quận" in str(label).lower() for label in UnitKind.labels)


def test_a_unit_cannot_stand_below_itself(tree):
    tree.department.parent, tree.department.kind = tree.division, UnitKind.OTHER
    with pytest.raises(ValidationError):
        tree.department.full_clean()


def test_a_moved_unit_takes_along_what_is_below(tree):
    office = factories.unit("Văn phòng UBND tỉnh", UnitKind.DEPARTMENT)
    team = factories.unit("Tổ biên tập", UnitKind.OTHER, tree.division)
    tree.division.parent = office
    tree.division.save()
    assert below(office) == {"Văn phòng UBND tỉnh", "Phòng Chuyển đổi số", "Tổ biên tập"}
    assert below(tree.department) == {"Sở Khoa học và Công nghệ"}
    assert team.pk in set(tree.province.subtree().values_list("pk", flat=True))


def test_a_merger_takes_everything_along_and_is_remembered(tree):
    chief = factories.user("chi", Role.ADMINISTRATOR)
    writer = factories.user("hoa", Role.EDITOR, unit=tree.ward)
    page = factories.warning(writer)
    channel = factories.channel("zalo_group", "Nhóm Bình Minh", unit=tree.ward)
    image = add_image(png(), title="Ảnh", alt="Ảnh", credit="Ảnh", user=writer)

    units.merge(tree.ward, tree.other_ward, on=DAY, decision="1660/NQ-UBTVQH15", by=chief)

    assert ScamWarningPage.objects.get(pk=page.pk).unit == tree.other_ward
    assert page.get_latest_revision_as_object().unit_id in {tree.other_ward.pk, tree.ward.pk}
    assert ScamWarningPage.objects.get(pk=page.pk).get_latest_revision_as_object().unit == tree.other_ward
    channel.refresh_from_db()
    image.refresh_from_db()
    assert channel.unit == tree.other_ward
    assert image.collection.unit == tree.other_ward
    assert [(row.role, row.unit) for row in memberships.roles_in(writer)] == [(Role.EDITOR, tree.other_ward)]
    merger = UnitMerge.objects.get()
    assert (merger.source, merger.into, merger.decision) == (tree.ward, tree.other_ward, "1660/NQ-UBTVQH15")
    assert merger.moved["publishers.channel"] == 1


def test_an_approver_of_a_merged_unit_is_confirmed_anew(tree):
    chief = factories.user("chi", Role.ADMINISTRATOR)
    approver = factories.user("an", Role.APPROVER, unit=tree.ward)
    units.merge(tree.ward, tree.other_ward, on=DAY, decision="1660/NQ", by=chief)
    approver.refresh_from_db()
    assert not memberships.holds(type(approver).objects.get(pk=approver.pk), Role.APPROVER)
    request = RoleRequest.objects.get(state=RequestState.WAITING)
    assert (request.user, request.role, request.unit) == (approver, Role.APPROVER, tree.other_ward)


@pytest.mark.parametrize(
    ("source", "into"),
    [("province", "ward"), ("department", "division"), ("ward", "ward")],
)
def test_what_cannot_be_merged_moves_nothing(tree, source, into):
    chief = factories.user("chi", Role.ADMINISTRATOR)
    if source == "department":
        factories.unit("Phòng Bưu chính", UnitKind.DIVISION, tree.department)
    with pytest.raises(Refused):
        units.merge(getattr(tree, source), getattr(tree, into), on=DAY, decision="1", by=chief)
    assert not UnitMerge.objects.exists()


def test_a_merged_unit_takes_nothing_new(tree):
    chief = factories.user("chi", Role.ADMINISTRATOR)
    person = factories.user("hoa")
    units.merge(tree.ward, tree.other_ward, on=DAY, decision="1660/NQ", by=chief)
    with pytest.raises(Refused):
        memberships.grant(person, Role.EDITOR, tree.ward, chief)
    with pytest.raises(Refused):
        units.merge(tree.other_ward, tree.ward, on=DAY, decision="2", by=chief)


def test_the_screens_of_units(tree, client):
    client.force_login(factories.user("chi", Role.ADMINISTRATOR))
    listed = client.get(reverse("users_units:index")).content.decode()
    for unit in (tree.department, tree.division, tree.ward):
        assert unit.name in listed
    found = client.get(reverse("users_units:index"), {"q": "bình minh"}).content.decode()
    assert "Phường Bình Minh" in found
    assert "Xã Hòa An" not in found
    answer = client.post(
        reverse("users_units:add"),
        {"name": "Đặc khu Hải Vân", "code": "", "kind": "special_zone", "parent": tree.ward.pk},
    )
    assert "không thể trực thuộc" in answer.content.decode()
    assert (
        client.post(
            reverse("users_units:add"),
            {"name": "Đặc khu Hải Vân", "code": "DKHV", "kind": "special_zone", "parent": tree.province.pk},
        ).status_code
        == 302
    )
    made = Unit.objects.get(code="DKHV")
    assert made.path == f"{tree.province.pk}/{made.pk}/"
    assert made.collection.name == "Đặc khu Hải Vân"
    assert client.get(reverse("users_units:edit", args=[made.pk])).status_code == 200
    merging = reverse("users:merge", args=[made.pk])
    assert "1660" in client.get(merging).content.decode()
    form = {"into": tree.ward.pk, "on": "2026-07-01", "decision": "1660/NQ"}
    assert client.post(merging, form).status_code == 422
    assert client.post(merging, {**form, "understood": "on"}).status_code == 302
    listed = client.get(reverse("users_units:index")).content.decode()
    assert "1660/NQ" in listed


def test_a_deleted_role_is_kept_as_history(tree):
    chief, person = factories.user("chi", Role.ADMINISTRATOR), factories.user("hoa")
    memberships.revoke(memberships.grant(person, Role.EDITOR, tree.ward, chief), chief)
    assert Membership.objects.get(user=person).ended_by == chief
    assert not person.groups.filter(name="editor").exists()
