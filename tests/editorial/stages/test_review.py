"""«Thẩm định → duyệt» over HTTP: three different people, for exactly the same words."""

from django.core import mail
from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.editorial.models import ApprovalTask, Review, ReviewTask
from cms.users.roles import Role
from publishers.models import Release
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.delivery.conftest import change
from tests.editorial.stages.conftest import post_approve, post_pass, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def in_review(lan, two_steps):
    return factories.submitted(lan, severity="caution")


def now_at(state):
    return ScamWarningPage.objects.get(pk=state.workflow_state.object_id).current_workflow_task_state


def test_review_then_approval(in_review, hanh, minh):
    assert isinstance(in_review.task.specific, ReviewTask)
    html = signed_in(hanh).get(reverse("editorial:review", args=[in_review.pk])).content.decode()
    assert "Chuyển duyệt" in html
    assert "Duyệt và xuất bản" not in html
    assert post_pass(in_review, hanh, remark="Nguồn đã đối chiếu.").status_code == 302
    waiting = now_at(in_review)
    assert isinstance(waiting.task.specific, ApprovalTask)
    html = signed_in(minh).get(reverse("editorial:review", args=[waiting.pk])).content.decode()
    assert "Nguồn đã đối chiếu." in html
    assert post_approve(waiting, minh).status_code == 302
    [review] = Review.objects.all()
    assert (review.reviewer, Release.objects.get().approved_by) == (hanh, minh)


def test_each_stage_is_in_the_queue_of_its_people(in_review, hanh, minh):
    title = approval.under_review(in_review).page.title
    assert title in signed_in(hanh).get("/admin/").content.decode()
    assert "Chờ bạn thẩm định" in signed_in(hanh).get("/admin/").content.decode()
    link = reverse("editorial:review", args=[in_review.pk])
    assert link not in signed_in(minh).get("/admin/").content.decode()
    assert signed_in(minh).get(link).status_code in {302, 403}
    post_pass(in_review, hanh)
    waiting = now_at(in_review)
    link = reverse("editorial:review", args=[waiting.pk])
    assert link in signed_in(minh).get("/admin/").content.decode()
    assert link not in signed_in(hanh).get("/admin/").content.decode()


def test_the_letter_goes_to_the_people_of_the_stage(lan, hanh, minh, two_steps):
    ward = factories.unit("Phường Bình Minh")
    elsewhere = factories.user("phuong", Role.REVIEWER, unit=ward)
    state = factories.submitted(lan, severity="caution")
    told = {address for letter in mail.outbox for address in letter.to}
    assert told == {hanh.email}
    assert elsewhere.email not in told
    mail.outbox.clear()
    post_pass(state, hanh)
    assert {address for letter in mail.outbox for address in letter.to} == {minh.email}


def test_an_approver_cannot_sign_what_was_not_reviewed(in_review, minh):
    assert post_approve(in_review, minh).status_code in {302, 403}
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(in_review, minh)
    with pytest.raises(approval.ApprovalRefused):
        approval.reject(in_review, minh, "x")
    assert not Release.objects.exists()


def test_a_reviewer_cannot_approve_or_reject(in_review, hanh):
    for data in ({"decision": "approve", "not_secret": "on"}, {"decision": "reject", "reason": "x"}, {}):
        seal = approval.under_review(in_review).seal
        signed_in(hanh).post(reverse("editorial:review", args=[in_review.pk]), {"seal": seal, **data})
    in_review.refresh_from_db()
    assert in_review.status == "in_progress"
    assert not Release.objects.exists()
    assert not Review.objects.exists()


def test_who_reviewed_it_cannot_approve_it(in_review, minh):
    both = factories.user("both", Role.REVIEWER, Role.APPROVER)
    post_pass(in_review, both)
    waiting = now_at(in_review)
    html = signed_in(both).get(reverse("editorial:review", args=[waiting.pk])).content.decode()
    assert "Bạn đã thẩm định cảnh báo này" in html
    post_approve(waiting, both)
    assert not Release.objects.exists()
    assert factories.approved(waiting, minh)


def test_who_wrote_it_cannot_review_it(two_steps, minh):
    author = factories.user("author", Role.EDITOR, Role.REVIEWER)
    state = factories.submitted(author, severity="caution")
    html = signed_in(author).get(reverse("editorial:review", args=[state.pk])).content.decode()
    assert "Bạn đã soạn một phần cảnh báo này" in html
    post_pass(state, author)
    assert not Review.objects.exists()


def test_who_submitted_it_decides_nothing(lan, two_steps):
    clerk = factories.user("clerk", Role.EDITOR, Role.REVIEWER, Role.APPROVER)
    page = factories.warning(lan, severity="caution")
    state = approval.submit(page, clerk, not_secret=True)
    with pytest.raises(approval.ApprovalRefused, match="gửi duyệt"):
        approval.pass_on(state, clerk, seen_seal=approval.under_review(state).seal)


def test_words_changed_after_the_review_are_reviewed_again(in_review, lan, hanh, minh):
    post_pass(in_review, hanh)
    waiting = now_at(in_review)
    helper = factories.user("helper", Role.EDITOR, Role.APPROVER)
    change(ScamWarningPage.objects.get(), helper, summary="Lời khác.")
    with pytest.raises(approval.ApprovalRefused, match="sau khi thẩm định"):
        factories.approved(waiting, minh)
    approval.return_for_changes(waiting, minh, "Cần thẩm định lại.")
    again = approval.submit(ScamWarningPage.objects.get(), lan, not_secret=True)
    assert isinstance(again.task.specific, ReviewTask)
    post_pass(again, hanh)
    assert factories.approved(now_at(again), minh)


def test_what_the_approver_returned_and_nobody_changed_needs_no_second_review(in_review, lan, hanh, minh):
    post_pass(in_review, hanh)
    approval.return_for_changes(now_at(in_review), minh, "Chờ đến thứ Hai.")
    again = approval.submit(ScamWarningPage.objects.get(), lan, not_secret=True)
    assert isinstance(again.task.specific, ApprovalTask)
    assert factories.approved(again, minh)


def test_a_reviewer_who_edits_it_afterwards_is_its_author(in_review, lan, minh):
    both = factories.user("both", Role.EDITOR, Role.REVIEWER)
    post_pass(in_review, both)
    waiting = now_at(in_review)
    page = ScamWarningPage.objects.get()
    # The same words, saved once more.
    page.get_latest_revision_as_object().save_revision(user=both)
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(waiting, minh)
    assert not Release.objects.exists()


def test_returning_from_the_review_gives_it_back(in_review, lan, hanh):
    url = reverse("editorial:review", args=[in_review.pk])
    empty = signed_in(hanh).post(url, {"decision": "return", "comment": " "})
    assert empty.status_code == 422
    assert signed_in(hanh).post(url, {"decision": "return", "comment": "Thiếu nguồn."}).status_code == 302
    again = approval.submit(ScamWarningPage.objects.get(), lan, not_secret=True)
    assert isinstance(again.task.specific, ReviewTask)


def test_rejecting_after_the_review_ends_it(in_review, hanh, minh):
    post_pass(in_review, hanh)
    approval.reject(now_at(in_review), minh, "Tin đồn.")
    assert ScamWarningPage.objects.get().locked


def test_a_page_that_is_out_of_date_passes_nothing_on(in_review, lan, hanh):
    seen = approval.under_review(in_review).seal
    change(ScamWarningPage.objects.get(), lan, summary="Lời khác.")
    answer = signed_in(hanh).post(
        reverse("editorial:review", args=[in_review.pk]), {"decision": "pass", "seal": seen}, follow=True
    )
    assert "đã được chỉnh sửa sau khi bạn mở trang này" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_remark_that_is_too_long_loses_nothing(in_review, hanh):
    remark = "Nguồn " * 500
    answer = post_pass(in_review, hanh, remark=remark)
    assert answer.status_code == 422
    assert remark.strip() in answer.content.decode()
    assert not Review.objects.exists()


def test_wagtails_own_buttons_pass_nothing_on(in_review, hanh):
    page = ScamWarningPage.objects.get()
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", in_review.pk])
    signed_in(hanh).post(url, {"comment": "x"})
    in_review.refresh_from_db()
    assert in_review.status == "in_progress"
