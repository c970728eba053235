"""Approval: who may sign, what is signed, and what a signature creates."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone, translation

import pytest

from cms.editorial import approval, drafting
from cms.users.roles import Role
from publishers.models import Delivery, Payload, Release
from publishers.states import State
from scam_warnings.enums import Severity
from scam_warnings.models import ScamWarningPage
from scam_warnings.taxonomy import ContentCategory, ScamType
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_a_signature_seals_the_revision_for_every_channel(lan, minh):
    release = factories.approved(factories.submitted(lan), minh)
    assert release.approved_by == minh
    assert release.declaration
    payload = release.payloads.get()
    assert payload.channel.kind == "portal"
    assert payload.data["snapshot"]["title"] == release.page.title
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (State.DUE, 0)


def test_nothing_is_public_before_the_portal_delivery_ran(lan, minh):
    release = factories.approved(factories.submitted(lan), minh)
    assert not ScamWarningPage.objects.get(pk=release.page_id).live


@pytest.mark.parametrize("superuser", [False, True])
def test_who_wrote_it_cannot_approve_it(lan, superuser):
    author = factories.user("author", Role.EDITOR, Role.APPROVER, superuser=superuser)
    state = factories.submitted(author)
    seal = approval.under_review(state).seal
    with pytest.raises(approval.ApprovalRefused, match="Người soạn không được tự duyệt"):
        approval.approve(state, author, seen_seal=seal, not_secret=True)
    assert not Release.objects.exists()


def test_who_edited_it_while_it_waited_cannot_approve_it(lan):
    editor_and_approver = factories.user("both", Role.EDITOR, Role.APPROVER)
    state = factories.submitted(lan)
    page = state.workflow_state.content_object.get_latest_revision_as_object()
    page.summary = "Tóm tắt khác."
    page.save_revision(user=editor_and_approver)
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(state, editor_and_approver)


def test_a_superuser_without_the_role_cannot_approve(lan):
    root = factories.user("root", superuser=True)
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(factories.submitted(lan), root)


def test_an_author_may_approve_again_what_others_wrote_since(lan, minh):
    binh = factories.user("binh", Role.EDITOR, Role.APPROVER)
    first = factories.submitted(binh)
    factories.approved(first, minh)
    page = ScamWarningPage.objects.get()
    draft = page.get_latest_revision_as_object()
    draft.summary = "Bản mới do người khác viết."
    draft.save_revision(user=lan)
    release = factories.approved(approval.submit(page, lan, not_secret=True), binh)
    assert release.number == 2
    assert release.reference == f"{page.code}.2"


def test_a_change_after_the_page_was_opened_refuses_the_signature(lan, minh):
    state = factories.submitted(lan)
    seen = approval.under_review(state).seal
    page = state.workflow_state.content_object.get_latest_revision_as_object()
    page.title = "Tiêu đề đã đổi"
    page.save_revision(user=lan)
    with pytest.raises(approval.ContentChanged):
        approval.approve(state, minh, seen_seal=seen, not_secret=True)
    assert not Release.objects.exists()


def test_an_edit_of_any_field_voids_the_signature(lan, minh):
    state = factories.submitted(lan)
    page = ScamWarningPage.objects.get()
    draft = page.get_latest_revision_as_object()
    kind = draft.sources[0].value["kind"]
    other = {
        "severity": next(choice for choice in Severity if choice != draft.severity),
        "scam_type": ScamType.objects.exclude(pk=draft.scam_type_id).first(),
        "category": ContentCategory.objects.exclude(pk=draft.category_id).first(),
        "valid_from": date(2026, 1, 2),
        "expires_on": date(2031, 1, 2),
        "details": "<p>Đoạn khác.</p>",
        "hashtags": "#khac",
        "sms_text": "Loi khac.",
        **dict.fromkeys(("title", "summary", "sample_message", "correction_note"), "Lời khác."),
        **dict.fromkeys(("facebook_text", "zalo_text", "loudspeaker_script"), "Lời khác."),
        **{name: [("point", "Ý khác.")] for name in drafting.LISTS},
        "sources": [("source", {"name": "Nguồn khác", "kind": kind, "url": ""})],
    }
    for name, value in other.items():
        seen = approval.under_review(state).seal
        draft = page.get_latest_revision_as_object()
        assert getattr(draft, name) != value, name
        setattr(draft, name, value)
        draft.save_revision(user=lan)
        with pytest.raises(approval.ContentChanged):
            approval.approve(state, minh, seen_seal=seen, not_secret=True)
    assert not Release.objects.exists()


def test_a_changed_channel_list_refuses_the_signature(lan, minh):
    group = factories.channel("zalo_group", "Nhóm Zalo")
    state = factories.submitted(lan, channels=["Nhóm Zalo"])
    seen = approval.under_review(state).seal
    group.is_active = False
    group.save()
    with pytest.raises(approval.ContentChanged):
        approval.approve(state, minh, seen_seal=seen, not_secret=True)


def test_a_renamed_scam_type_refuses_the_signature(lan, minh):
    state = factories.submitted(lan)
    seen = approval.under_review(state).seal
    scam_type = ScamWarningPage.objects.get().scam_type
    scam_type.name = "Tên khác"
    scam_type.save()
    with pytest.raises(approval.ContentChanged):
        approval.approve(state, minh, seen_seal=seen, not_secret=True)


def test_the_secrecy_declaration_is_required(lan, minh):
    state = factories.submitted(lan)
    with pytest.raises(approval.ApprovalRefused):
        approval.approve(state, minh, seen_seal=approval.under_review(state).seal, not_secret=False)


def test_the_second_of_two_approvers_is_refused(lan, minh):
    other = factories.user("other", Role.APPROVER)
    state = factories.submitted(lan)
    seal = approval.under_review(state).seal
    approval.approve(state, minh, seen_seal=seal, not_secret=True)
    with pytest.raises(approval.ApprovalRefused):
        approval.approve(state, other, seen_seal=seal, not_secret=True)
    assert (Release.objects.count(), Payload.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_an_unchanged_version_is_not_approved_twice(lan, minh):
    release = factories.approved(factories.submitted(lan), minh)
    with pytest.raises(approval.ApprovalRefused):
        approval.submit(release.page, lan, not_secret=True)
    state = release.page.get_workflow().start(ScamWarningPage.objects.get(), lan).current_task_state
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(state, minh)
    assert Release.objects.count() == 1


def test_returning_needs_a_reason_and_gives_the_item_back(lan, minh):
    state = factories.submitted(lan)
    with pytest.raises(approval.ApprovalRefused):
        approval.return_for_changes(state, minh, "  ")
    approval.return_for_changes(state, minh, "Thêm nguồn tin.")
    state.refresh_from_db()
    assert (state.status, state.comment) == ("rejected", "Thêm nguồn tin.")


def test_an_unfinished_warning_cannot_be_submitted(lan):
    page = factories.warning(lan)
    draft = page.get_latest_revision_as_object()
    draft.scam_type = None
    draft.what_to_do = []
    draft.save_revision(user=lan, clean=False)
    with pytest.raises(ValidationError) as caught:
        approval.submit(page, lan, not_secret=True)
    assert "what_to_do" in caught.value.message_dict


def test_a_second_release_leaves_posted_channels_alone(lan, minh):
    factories.channel("zalo_group", "Nhóm Zalo")
    first = factories.approved(factories.submitted(lan, channels=["Nhóm Zalo"]), minh)
    assert first.payloads.count() == 2
    first.deliveries.filter(channel__kind="zalo_group").update(
        state="delivered", next_attempt_at=None, remote_id="m1", delivered_at=timezone.now()
    )
    page = ScamWarningPage.objects.get()
    draft = page.get_latest_revision_as_object()
    draft.summary = "Cập nhật."
    draft.save_revision(user=lan)
    state = approval.submit(page, lan, not_secret=True)
    assert [channel.name for channel in approval.under_review(state).kept] == ["Nhóm Zalo"]
    second = factories.approved(state, minh)
    assert [payload.channel.kind for payload in second.payloads.all()] == ["portal"]


def test_the_public_text_does_not_follow_the_approvers_language(lan):
    state = factories.submitted(lan, severity="urgent", zalo_text="")
    vietnamese = approval.under_review(state)
    with translation.override("en"):
        english = approval.under_review(state)
    assert vietnamese.snapshot.severity.name == "Cảnh báo khẩn"
    assert english.seal == vietnamese.seal


def test_a_paused_channel_does_not_hold_the_others_back(lan, minh):
    factories.channel("zalo_group", "Nhóm hỏng", paused_reason="Mã truy cập đã hết hạn.")
    state = factories.submitted(lan, channels=["Nhóm hỏng"])
    draft = approval.under_review(state)
    assert draft.problems == []
    assert any("Mã truy cập đã hết hạn." in payload.notice for payload in draft.payloads)
    assert factories.approved(state, minh).deliveries.count() == 2
