"""The approver's desk, over HTTP."""

from django.core import mail
from django.test import Client
from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.users.roles import Role
from publishers.dispatch import drain
from publishers.models import Release
from scam_warnings.models import ScamWarningPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def desk(minh) -> Client:
    client = Client()
    client.force_login(minh)
    return client


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_queue_lists_urgent_warnings_first(desk, lan):
    factories.submitted(lan, key="mot", title="Cảnh báo thường", severity="info")
    factories.submitted(lan, key="hai", title="Cảnh báo khẩn cấp", severity="urgent")
    home = desk.get(reverse("wagtailadmin_home")).content.decode()
    assert home.index("Cảnh báo khẩn cấp") < home.index("Cảnh báo thường")


def test_submitting_tells_every_approver_by_e_mail(lan, minh, django_capture_on_commit_callbacks):
    page = factories.warning(lan)
    editor, url = signed_in(lan), reverse("editorial:submit", args=[page.pk])
    saved = editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**factories.form_data(page), "action-submit": "1"},
    )
    assert saved.url == url
    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(url, {"seen": editor.get(url).context["seen"], "not_secret": "on"})
    assert response.status_code == 302
    state = ScamWarningPage.objects.get().current_workflow_task_state
    [message] = mail.outbox
    assert message.to == [minh.email]
    link = reverse("editorial:review_of_page", args=[page.pk])
    assert link in message.body
    assert signed_in(minh).get(link).url == reverse("editorial:review", args=[state.pk])


def test_the_page_shows_every_channel_byte_for_byte(desk, lan):
    factories.channel("facebook_page", "Trang tỉnh", "11")
    factories.channel("zalo_group", "Nhóm tỉnh", "22")
    state = factories.submitted(lan, channels=["Trang tỉnh", "Nhóm tỉnh"])
    html = desk.get(reverse("editorial:review", args=[state.pk])).content.decode()
    page = ScamWarningPage.objects.get()
    for text in ("Trang tỉnh", "Nhóm tỉnh", f"Mã: {page.code}", "HỘ KINH DOANH"[:5]):
        assert text in html
    portal = desk.get(reverse("editorial:review_portal", args=[state.pk])).content.decode()
    assert page.title in portal


@pytest.mark.parametrize("decision", [{}, {"decision": ""}, {"decision": "pass"}, {"decision": "APPROVE"}])
def test_only_the_button_approves(desk, lan, decision):
    """Passing on belongs to the review before; whatever is no decision signs nothing."""
    state = factories.submitted(lan)
    signed = {"seal": approval.under_review(state).seal, "not_secret": "on"}
    assert desk.post(reverse("editorial:review", args=[state.pk]), signed | decision).status_code == 200
    assert not Release.objects.exists()


def test_approving_on_the_page_releases_it(desk, lan, minh):
    state = factories.submitted(lan)
    url = reverse("editorial:review", args=[state.pk])
    seal = desk.get(url).context["draft"].seal
    response = desk.post(url, {"seal": seal, "not_secret": "on", "decision": "approve"})
    release = Release.objects.get()
    assert response.url == reverse("editorial:deliveries", args=[release.page_id])
    assert (release.seal, release.approved_by) == (seal, minh)


def test_a_stale_page_is_refused_with_a_clear_message(desk, lan):
    state = factories.submitted(lan)
    url = reverse("editorial:review", args=[state.pk])
    seal = desk.get(url).context["draft"].seal
    draft = ScamWarningPage.objects.get().get_latest_revision_as_object()
    draft.title = "Đã sửa sau khi mở."
    draft.save_revision(user=lan)
    response = desk.post(url, {"seal": seal, "not_secret": "on", "decision": "approve"}, follow=True)
    assert not Release.objects.exists()
    assert "Đã sửa sau khi mở." in response.content.decode()
    assert any("chỉnh sửa sau khi bạn mở" in str(message) for message in response.context["messages"])


def test_forgetting_the_declaration_keeps_the_page_and_says_so(desk, lan):
    state = factories.submitted(lan)
    url = reverse("editorial:review", args=[state.pk])
    response = desk.post(url, {"seal": desk.get(url).context["draft"].seal, "decision": "approve"})
    assert response.status_code == 422
    assert "bí mật nhà nước" in response.content.decode()
    assert not Release.objects.exists()


def test_returning_needs_a_reason_and_tells_the_author(desk, lan):
    state = factories.submitted(lan)
    url = reverse("editorial:review", args=[state.pk])
    assert desk.post(url, {"decision": "return", "comment": " "}).status_code == 422
    desk.post(url, {"decision": "return", "comment": "Thêm nguồn của cơ quan thuế."})
    state.refresh_from_db()
    assert state.status == "rejected"
    assert any(
        "Thêm nguồn của cơ quan thuế." in message.body for message in mail.outbox if message.to == [lan.email]
    )


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
def test_others_do_not_see_the_review_page(lan, role):
    state = factories.submitted(lan)
    other = factories.user("other", role)
    response = signed_in(other).get(reverse("editorial:review", args=[state.pk]))
    assert response.status_code in {302, 403}
    assert "Giả danh" not in response.content.decode()


def test_an_author_sees_why_the_button_is_missing():
    both = factories.user("both", Role.EDITOR, Role.APPROVER)
    state = factories.submitted(both)
    html = signed_in(both).get(reverse("editorial:review", args=[state.pk])).content.decode()
    assert "Người soạn không được tự duyệt" in html
    assert 'value="approve"' not in html


def test_the_preview_of_a_correction_shows_its_note(lan, minh, client):
    release = factories.approved(factories.submitted(lan), minh)
    drain("w")
    draft = release.page.get_latest_revision_as_object()
    draft.summary, draft.correction_note = "Đã sửa.", "Sửa số tổng đài."
    draft.save_revision(user=lan)
    waiting = approval.submit(release.page, lan, not_secret=True)
    client.force_login(minh)
    preview = client.get(reverse("editorial:review_portal", args=[waiting.pk])).content.decode()
    assert "Sửa số tổng đài." in preview
    assert "Chưa đăng" not in preview
    review = client.get(reverse("editorial:review", args=[waiting.pk])).content.decode()
    assert "Cập nhật nội dung đang công khai" in review
