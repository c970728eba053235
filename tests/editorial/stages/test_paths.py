"""Which stages an item passes: by unit and severity, decided when it is submitted."""

from datetime import date

from django.test import Client
from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.editorial.gatekeeping import GatesClosed
from cms.editorial.models import ApprovalTask, Lane, ReviewTask
from cms.editorial.site_setup import set_up_site
from cms.editorial.stages.lanes import ApprovalPath, Stages, stages_for, stages_of
from cms.users import units
from cms.users.roles import Role
from tests import factories
from tests.editorial.stages.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_without_settings_one_step_and_the_urgent_lane_for_urgent_warnings():
    assert [stages_for(None, name) for name in ("info", "caution", "urgent")] == ["one", "one", "urgent"]


def test_the_nearest_unit_upwards_decides():
    ward = factories.unit("Phường Bình Minh")
    ApprovalPath.objects.create(unit=units.province(), severity="caution", stages="two")
    assert (stages_for(ward.pk, "caution"), stages_for(ward.pk, "info")) == (Stages.TWO, Stages.ONE)
    ApprovalPath.objects.create(unit=ward, severity="caution", stages="one")
    assert (stages_for(ward.pk, "caution"), stages_for(None, "caution")) == (Stages.ONE, Stages.TWO)


def test_setting_up_twice_makes_nothing_twice():
    set_up_site()
    assert (Lane.objects.count(), ReviewTask.objects.count(), ApprovalTask.objects.count()) == (3, 1, 1)
    two = Lane.objects.get(stages=Stages.TWO).workflow
    assert [type(task.specific) for task in two.tasks] == [ReviewTask, ApprovalTask]


def test_what_is_under_way_keeps_its_stages(lan, minh):
    state = factories.submitted(lan, severity="caution")
    ApprovalPath.objects.create(unit=units.province(), severity="caution", stages="two")
    assert stages_of(state.workflow_state) == Stages.ONE
    assert factories.approved(state, minh)


def test_a_returned_item_is_submitted_by_the_settings_of_that_day(lan, minh, two_steps):
    two_steps.delete()
    state = factories.submitted(lan, severity="caution")
    approval.return_for_changes(state, minh, "Thêm nguồn.")
    ApprovalPath.objects.create(unit=units.province(), severity="caution", stages="two")
    page = state.workflow_state.content_object.specific
    again = approval.submit(page, lan, not_secret=True)
    assert isinstance(again.task.specific, ReviewTask)
    assert stages_of(again.workflow_state) == Stages.TWO


def test_another_way_into_the_queue_goes_round_no_review(lan, two_steps):
    state = factories.submitted(lan, severity="caution")
    page = state.workflow_state.content_object.specific
    state.workflow_state.cancel(user=lan)
    assert page.get_workflow().lane.stages == Stages.TWO
    with pytest.raises(GatesClosed, match="Thẩm định"):
        Lane.objects.get(stages=Stages.ONE).workflow.start(page, lan)


def test_administrators_set_the_stages_of_their_units():
    ward, other = factories.unit("Phường Bình Minh"), factories.unit("Phường An Hải")
    admin = signed_in(factories.user("quantri", Role.ADMINISTRATOR, unit=ward))
    add = reverse("editorial_paths:add")
    assert admin.get(add).status_code == 200
    foreign = admin.post(add, {"unit": other.pk, "severity": "info", "stages": "two"})
    assert foreign.status_code == 200
    assert admin.post(add, {"unit": ward.pk, "severity": "info", "stages": "two"}).status_code == 302
    twice = admin.post(add, {"unit": ward.pk, "severity": "info", "stages": "one"})
    assert "đã có" in twice.content.decode()
    [path] = ApprovalPath.objects.all()
    assert (path.unit, path.stages) == (ward, "two")
    html = admin.get(reverse("editorial_paths:index")).content.decode()
    assert "Thẩm định, rồi duyệt" in html
    assert admin.get(reverse("editorial_paths:edit", args=[path.pk])).status_code == 200


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.APPROVER])
def test_nobody_else_sets_them(role):
    path = ApprovalPath.objects.create(unit=units.province(), severity="info", stages="two")
    other: Client = signed_in(factories.user("khac", role))
    for view, args in (("index", []), ("add", []), ("edit", [path.pk]), ("delete", [path.pk])):
        assert other.post(reverse(f"editorial_paths:{view}", args=args)).status_code in {302, 403, 404}
    assert ApprovalPath.objects.get().stages == "two"


def test_a_merged_units_settings_go_to_its_successor():
    ward, into = factories.unit("Phường Bình Minh"), factories.unit("Phường An Hải")
    ApprovalPath.objects.create(unit=ward, severity="info", stages="two")
    ApprovalPath.objects.create(unit=ward, severity="caution", stages="two")
    ApprovalPath.objects.create(unit=into, severity="caution", stages="one")
    by = factories.user("quantri", Role.ADMINISTRATOR)
    units.merge(ward, into, on=date(2026, 11, 1), decision="01/NQ", by=by)
    rows = ApprovalPath.objects.order_by("severity").values_list("unit", "severity", "stages")
    assert list(rows) == [(into.pk, "caution", "one"), (into.pk, "info", "two")]
