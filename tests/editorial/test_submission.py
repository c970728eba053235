"""Submitting: the checklist, the declaration, and no way round either of them."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.editorial import approval
from cms.editorial.declarations import SecrecyDeclaration, content_hash
from cms.editorial.gatekeeping import GatesClosed
from cms.users.roles import Role
from publishers.models import Release
from scam_warnings.models import ScamWarningPage
from scam_warnings.official_sources import OfficialSource
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
UNKNOWN_SOURCE = [{"name": "Nghe kể lại", "kind": "citizen-report"}]


@pytest.fixture
def editor(lan) -> Client:
    client = Client()
    client.force_login(lan)
    return client


def url(page: ScamWarningPage) -> str:
    return reverse("editorial:submit", args=[page.pk])


def waits(page: ScamWarningPage) -> bool:
    return ScamWarningPage.objects.get(pk=page.pk).workflow_in_progress


def test_the_page_lists_the_gates_and_the_declaration_submits(editor, lan):
    page = factories.warning(lan)
    shown = editor.get(url(page))
    assert "Nguồn chính thống" in shown.content.decode()
    response = editor.post(url(page), {"seen": shown.context["seen"], "not_secret": "on"})
    assert response.status_code == 302
    assert waits(page)
    declaration = SecrecyDeclaration.objects.get()
    assert (declaration.user, declaration.name, declaration.stage) == (lan, "lan", "submission")
    assert declaration.text == "Nội dung không thuộc bí mật nhà nước và được phép công bố."
    assert declaration.content_hash == content_hash(ScamWarningPage.objects.get().get_latest_revision())


def test_without_the_box_nothing_is_submitted(editor, lan):
    page = factories.warning(lan)
    response = editor.post(url(page), {"seen": editor.get(url(page)).context["seen"]})
    assert response.status_code == 422
    assert "trước khi gửi duyệt" in response.content.decode()
    assert not waits(page)
    assert not SecrecyDeclaration.objects.exists()


def test_a_gate_that_is_not_done_leads_to_its_field(editor, lan):
    page = factories.warning(lan, sources=UNKNOWN_SOURCE)
    html = editor.get(url(page)).content.decode()
    assert "Chưa chọn nguồn chính thống đã đăng ký." in html
    assert (
        f"{reverse('wagtailadmin_pages:edit', args=[page.pk])}#panel-child-noi_dung-sources-section" in html
    )
    assert 'name="not_secret"' not in html
    editor.post(url(page), {"seen": editor.get(url(page)).context["seen"], "not_secret": "on"})
    assert not waits(page)
    assert not SecrecyDeclaration.objects.exists()


def test_what_changed_meanwhile_is_not_declared_unread(editor, lan):
    page = factories.warning(lan)
    seen = editor.get(url(page)).context["seen"]
    draft = page.get_latest_revision_as_object()
    draft.summary = "Đã sửa ở cửa sổ khác."
    draft.save_revision(user=lan)
    response = editor.post(url(page), {"seen": seen, "not_secret": "on"})
    assert "đã được chỉnh sửa sau khi bạn mở trang này" in response.content.decode()
    assert not waits(page)
    assert not SecrecyDeclaration.objects.exists()


def test_wagtails_own_submit_saves_everything_and_leads_to_the_page(editor, lan):
    page = factories.warning(lan, sources=UNKNOWN_SOURCE)
    response = editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**factories.form_data(page, summary="Viết thêm trước khi gửi."), "action-submit": "1"},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == url(page)
    assert "Chưa chọn nguồn chính thống đã đăng ký." in response.content.decode()
    saved = ScamWarningPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert saved.summary == "Viết thêm trước khi gửi."
    assert not waits(page)


def test_wagtails_own_restart_and_a_workflow_started_by_code_are_refused(editor, lan, minh):
    page = factories.warning(lan)
    state = approval.submit(page, lan, not_secret=True)
    approval.return_for_changes(state, minh, "Thêm nguồn.")
    draft = page.get_latest_revision_as_object()
    draft.summary = "Bản mới chưa có ai cam kết."
    draft.save_revision(user=lan)
    for action in ("action-submit", "action-restart-workflow"):
        editor.post(
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            {**factories.form_data(page), action: "1"},
        )
        assert not waits(page)
    other = factories.warning(lan, key="khac")
    with pytest.raises(GatesClosed):
        other.get_workflow().start(other, lan)
    assert not waits(other)
    assert SecrecyDeclaration.objects.count() == 1


def test_a_returned_warning_is_submitted_again_with_a_new_declaration(lan, minh):
    page = factories.warning(lan)
    approval.return_for_changes(approval.submit(page, lan, not_secret=True), minh, "Sửa tóm tắt.")
    draft = page.get_latest_revision_as_object()
    draft.summary = "Tóm tắt đã sửa."
    draft.save_revision(user=lan)
    release = factories.approved(approval.submit(page, lan, not_secret=True), minh)
    stages = list(SecrecyDeclaration.objects.values_list("stage", "user__username"))
    assert stages == [("submission", "lan"), ("submission", "lan"), ("approval", "minh")]
    assert release.page_id == page.pk


def test_the_approver_sees_gates_and_declarations_and_adds_their_own(lan, minh, client):
    state = factories.submitted(lan)
    client.force_login(minh)
    html = client.get(reverse("editorial:review", args=[state.pk])).content.decode()
    assert "Kiểm tra trước khi duyệt" in html
    assert "Khi gửi duyệt: lan cam kết" in html
    factories.approved(state, minh)
    assert SecrecyDeclaration.objects.get(stage="approval").user == minh


def test_a_gate_that_closed_while_it_waited_stops_the_signature(lan, minh, client):
    state = factories.submitted(lan)
    OfficialSource.objects.update(active=False)
    with pytest.raises(approval.ApprovalRefused, match="không còn được đăng ký"):
        factories.approved(state, minh)
    assert not Release.objects.exists()
    client.force_login(minh)
    html = client.get(reverse("editorial:review", args=[state.pk])).content.decode()
    assert "Nguồn đã chọn không còn được đăng ký" in html


def test_a_review_date_that_passed_while_it_waited_stops_the_signature(lan, minh):
    state = factories.submitted(lan)
    draft = ScamWarningPage.objects.get().get_latest_revision_as_object()
    draft.review_on = timezone.localdate() - timedelta(days=1)
    draft.save_revision(user=lan)
    with pytest.raises(approval.ApprovalRefused, match="Ngày rà soát"):
        factories.approved(state, minh)


def test_a_declaration_is_never_changed(lan):
    factories.submitted(lan)
    declaration = SecrecyDeclaration.objects.get()
    declaration.name = "Người khác"
    with pytest.raises(TypeError):
        declaration.save()


def test_the_command_asks_for_the_declaration_too(lan):
    page = factories.warning(lan)
    code = ScamWarningPage.objects.get().code
    with pytest.raises(CommandError, match="bí mật nhà nước"):
        call_command("warning", "submit", code, "--user", "lan")
    call_command("warning", "submit", code, "--user", "lan", "--not-secret")
    assert waits(page)


def test_the_service_names_every_gate_by_field(lan):
    page = factories.warning(lan, sources=UNKNOWN_SOURCE, sample_message="Gọi 0901 234 567")
    with pytest.raises(ValidationError) as caught:
        approval.submit(page, lan, not_secret=True)
    assert set(caught.value.message_dict) == {"sources", "sample_message"}
    with pytest.raises(approval.ApprovalRefused):
        approval.submit(page, lan, not_secret=False)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR])
def test_who_may_not_edit_sees_no_submission_page(lan, role, client):
    page = factories.warning(lan)
    client.force_login(factories.user("other", role))
    response = client.get(url(page))
    assert response.status_code in {302, 403}
    assert page.title not in response.content.decode()


def test_what_already_waits_is_not_submitted_twice(editor, lan):
    page = factories.warning(lan)
    approval.submit(page, lan, not_secret=True)
    assert editor.get(url(page)).status_code == 302
    with pytest.raises(PermissionDenied):
        approval.submit(page, lan, not_secret=True)
    assert SecrecyDeclaration.objects.count() == 1
