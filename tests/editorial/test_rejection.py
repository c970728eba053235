"""Refusing for good."""

import json

from django.core import mail
from django.test import Client
from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.editorial.declarations import SecrecyDeclaration, declare
from cms.editorial.models import Rejection
from cms.editorial.rejection import fingerprint
from cms.users.roles import Role
from publishers.dispatch import drain
from publishers.models import Release
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.delivery.conftest import change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

REASON = "Chưa có nguồn chính thức xác nhận"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rejected(lan, minh) -> ScamWarningPage:
    approval.reject(factories.submitted(lan, title="Tin đồn chưa kiểm chứng"), minh, REASON)
    return ScamWarningPage.objects.get()


def test_rejecting_on_the_page_needs_a_reason_and_closes_the_item(
    lan, minh, django_capture_on_commit_callbacks
):
    state = factories.submitted(lan)
    mail.outbox.clear()
    url = reverse("editorial:review", args=[state.pk])
    empty = signed_in(minh).post(url, {"decision": "reject", "reason": " "})
    assert empty.status_code == 422
    assert "Hãy nêu lý do không duyệt" in empty.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in(minh).post(url, {"decision": "reject", "reason": REASON}).status_code == 302
    state.refresh_from_db()
    assert (state.status, state.comment, state.workflow_state.status) == ("rejected", REASON, "cancelled")
    [letter] = mail.outbox
    assert letter.to == [lan.email]
    assert "Không duyệt" in letter.subject
    assert REASON in letter.body
    assert ScamWarningPage.objects.get().locked


def test_the_author_sees_it_with_the_reason_and_the_way_on(rejected, lan):
    html = signed_in(lan).get("/admin/").content.decode()
    assert REASON in html
    assert reverse("wagtailadmin_pages:copy", args=[rejected.pk]) in html


def test_nobody_edits_or_submits_it_again(rejected, lan, minh):
    with pytest.raises(approval.ApprovalRefused, match=REASON):
        approval.submit(rejected, lan, not_secret=True)
    data = {**factories.form_data(rejected), "title": "Đổi tên", "action-submit": "1"}
    signed_in(lan).post(reverse("wagtailadmin_pages:edit", args=[rejected.pk]), data)
    page = ScamWarningPage.objects.get()
    assert not page.workflow_in_progress
    assert page.draft_title == "Tin đồn chưa kiểm chứng"
    assert not Release.objects.exists()


def copied(page, lan) -> ScamWarningPage:
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    signed_in(lan).post(
        url, {"new_title": page.title, "new_slug": "ban-moi", "new_parent_page": page.get_parent().pk}
    )
    return ScamWarningPage.objects.get(slug="ban-moi")


@pytest.mark.parametrize("view", ["delete", "unlock"])
def test_nobody_makes_the_refusal_forgotten(rejected, lan, view):
    """Deleted, it would take its reason along, and the same words would pass in a new warning."""
    root = factories.user("root", superuser=True)
    for user in (lan, root):
        signed_in(user).post(reverse(f"wagtailadmin_pages:{view}", args=[rejected.pk]))
    assert ScamWarningPage.objects.get().locked
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    signed_in(root).post(f"{bulk}?id={rejected.pk}")
    assert Rejection.objects.get().reason == REASON
    again = factories.warning(lan, title="Tin đồn chưa kiểm chứng", key="lai")
    with pytest.raises(approval.ApprovalRefused, match=REASON):
        approval.submit(again, lan, not_secret=True)


def test_a_lock_somebody_set_is_opened_again(lan):
    page, root = factories.warning(lan), factories.user("root", superuser=True)
    for view in ("lock", "unlock"):
        signed_in(root).post(reverse(f"wagtailadmin_pages:{view}", args=[page.pk]))
        page.refresh_from_db()
        assert page.locked is (view == "lock")


def test_a_copy_is_open_but_the_same_content_is_refused_there_too(rejected, lan, minh):
    copy = copied(rejected, lan)
    assert not copy.locked
    with pytest.raises(approval.ApprovalRefused, match=REASON):
        approval.submit(copy, lan, not_secret=True)
    change(copy, lan, summary="Nay đã có nguồn chính thức.")
    assert factories.approved(approval.submit(copy, lan, not_secret=True), minh)


def test_the_same_content_that_came_into_the_queue_another_way_cannot_be_signed(rejected, lan, minh):
    copy = copied(rejected, lan)
    declare(copy, copy.get_latest_revision(), lan, SecrecyDeclaration.Stage.SUBMISSION)
    state = copy.get_workflow().start(copy, lan).current_task_state
    assert REASON in approval.why_not(state, minh)
    with pytest.raises(approval.ApprovalRefused, match=REASON):
        factories.approved(state, minh)
    assert not Release.objects.exists()


def test_typing_the_same_points_anew_is_the_same_content(rejected):
    revision = rejected.get_latest_revision()
    before = fingerprint(revision)
    points = json.loads(revision.content["how_it_works"])
    for place, block in enumerate(points):
        block["id"] = f"00000000-0000-0000-0000-{place:012d}"
    revision.content["how_it_works"] = json.dumps(points)
    assert fingerprint(revision) == before
    points[0]["value"] = "Điều khác."
    revision.content["how_it_works"] = json.dumps(points)
    assert fingerprint(revision) != before


def test_a_new_version_of_a_published_warning_stays_open_for_a_better_one(lan, minh):
    page = factories.approved(factories.submitted(lan), minh).page
    drain("w")
    change(page, lan, summary="Bản không đạt.")
    approval.reject(approval.submit(page, lan, not_secret=True), minh, REASON)
    page = ScamWarningPage.objects.get()
    assert (page.live, page.locked) == (True, False)
    with pytest.raises(approval.ApprovalRefused, match=REASON):
        approval.submit(page, lan, not_secret=True)
    change(page, lan, summary="Bản tốt hơn.")
    assert factories.approved(approval.submit(page, lan, not_secret=True), minh).number == 2


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
def test_others_cannot_reject(lan, role):
    state = factories.submitted(lan)
    other = factories.user("khac", role)
    signed_in(other).post(reverse("editorial:review", args=[state.pk]), {"decision": "reject", "reason": "x"})
    with pytest.raises(approval.ApprovalRefused):
        approval.reject(state, other, "x")
    assert not Rejection.objects.exists()


def test_two_decisions_at_once_leave_one(lan, minh):
    state = factories.submitted(lan)
    factories.approved(state, minh)
    with pytest.raises(approval.ApprovalRefused):
        approval.reject(state, minh, REASON)
    assert not Rejection.objects.exists()
