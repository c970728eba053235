"""The start page of the admin, by role."""

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

import pytest

from cms.editorial import approval
from cms.editorial.stages.lanes import ApprovalPath
from cms.users import units
from cms.users.roles import Role
from publishers.dispatch import drain
from publishers.models import Credential
from tests import factories
from tests.delivery.conftest import change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

HOME = "/admin/"


def home(user) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(HOME)
    assert response.status_code == 200
    return response.content.decode()


def overdue(state, **age):
    state.started_at = timezone.now() - timedelta(**age)
    state.save()


def test_an_editor_sees_drafts_returned_items_with_the_reason_and_what_waits(lan, minh):
    factories.warning(lan, key="mot", title="Bài còn soạn")
    approval.return_for_changes(
        factories.submitted(lan, key="hai", title="Bài bị trả lại"), minh, "Thêm nguồn <b>chính thức</b>."
    )
    factories.submitted(lan, key="ba", title="Bài đã gửi")
    html = home(lan)
    places = [html.index(words) for words in ("Bài bị trả lại", "Bài còn soạn", "Bài đã gửi")]
    assert places == sorted(places)
    assert "Thêm nguồn &lt;b&gt;chính thức&lt;/b&gt;." in html
    assert "Chờ bạn duyệt" not in html


def test_an_editor_does_not_see_the_drafts_of_others(lan):
    factories.warning(factories.user("hoa", Role.EDITOR), title="Bài của người khác")
    html = home(lan)
    assert "Bài của người khác" not in html
    assert "Bạn chưa có bản nháp nào" in html


def test_what_was_approved_is_no_draft_any_more_and_a_new_version_is_one(lan, minh):
    release = factories.approved(factories.submitted(lan, title="Bài đã duyệt"), minh)
    assert "Bạn chưa có bản nháp nào" in home(lan)
    change(release.page, lan, summary="Sửa thêm.")
    assert "Bạn chưa có bản nháp nào" not in home(lan)


def test_whoever_wrote_an_earlier_version_only_has_no_draft_of_the_new_one(lan, minh):
    hoa = factories.user("hoa", Role.EDITOR)
    release = factories.approved(factories.submitted(lan, title="Bài đã duyệt"), minh)
    change(release.page, hoa, summary="Người khác sửa.")
    assert "Bạn chưa có bản nháp nào" in home(lan)
    assert "Bài đã duyệt" in home(hoa)


def test_the_approver_sees_ages_and_what_is_overdue_first(lan, minh):
    overdue(factories.submitted(lan, key="mot", title="Bài chờ lâu", severity="urgent"), hours=3)
    factories.submitted(lan, key="hai", title="Bài mới gửi", severity="urgent")
    html = home(minh)
    assert html.index("Bài chờ lâu") < html.index("Bài mới gửi")
    assert "Quá hạn duyệt" in html
    assert "hạn quyết định" in html
    assert "Cảnh báo của bạn" not in html


def tiles(user) -> dict[str, str]:
    """Words of each figure at the top of the start page, and the figure."""
    found = re.findall(
        r'class="desk-tile [^"]*"><a [^>]*><strong>(\d+)</strong> <span>(.*?)</span>', home(user)
    )
    return {strip_tags(words).strip(): number for number, words in found}


def test_a_reviewer_sees_how_much_waits_for_a_review_and_an_approver_for_approval(lan, minh):
    hanh = factories.user("hanh", Role.REVIEWER)
    both = factories.user("both", Role.REVIEWER, Role.APPROVER)
    assert tiles(hanh)["đang chờ bạn thẩm định"] == "0"
    assert "Chờ bạn thẩm định" in home(hanh)
    ApprovalPath.objects.create(unit=units.province(), severity="caution", stages="two")
    factories.submitted(lan, key="mot", severity="caution")
    factories.submitted(lan, key="hai", severity="info")
    assert tiles(hanh)["đang chờ bạn thẩm định"] == "1"
    assert "đang chờ bạn duyệt" not in tiles(hanh)
    assert tiles(minh)["đang chờ bạn duyệt"] == "1"
    assert "đang chờ bạn thẩm định" not in tiles(minh)
    assert (tiles(both)["đang chờ bạn duyệt"], tiles(both)["đang chờ bạn thẩm định"]) == ("1", "1")


def test_a_follow_up_to_do_is_a_figure_too(lan, minh):
    third = factories.user("ba", Role.REVIEWER)
    factories.approved(factories.submitted(lan, severity="urgent"), minh)
    assert tiles(third)["cần hậu kiểm"] == "1"
    assert "cần hậu kiểm" not in tiles(minh)


def test_the_severity_is_that_of_the_version_that_waits(lan, minh):
    release = factories.approved(factories.submitted(lan, severity="info"), minh)
    drain("w")
    change(release.page, lan, severity="urgent", summary="Nghiêm trọng hơn.")
    overdue(approval.submit(release.page, lan, not_secret=True), hours=1)
    html = home(minh)
    assert "Cảnh báo khẩn" in html
    assert "Quá hạn duyệt" in html


def test_the_review_page_shows_the_deadline(lan, minh, client):
    state = factories.submitted(lan, severity="urgent")
    overdue(state, hours=1)
    client.force_login(minh)
    assert "Quá hạn duyệt" in client.get(reverse("editorial:review", args=[state.pk])).content.decode()


def test_todays_releases_with_their_channels(lan, minh):
    factories.channel("facebook_page", "Trang tỉnh", "11")
    release = factories.approved(factories.submitted(lan, channels=["Trang tỉnh"]), minh)
    html = home(minh)
    assert reverse("publishers:release", args=[release.pk]) in html
    assert "Xong 0/2 kênh" in html
    release.sealed_at = timezone.now() - timedelta(days=1)
    release.save()
    assert "Hôm nay chưa phát hành nội dung nào" in home(minh)


def test_administrators_see_connections_that_end_and_others_do_not(lan, minh):
    nam = factories.user("nam", Role.ADMINISTRATOR)
    assert "không tài khoản nào phải kết nối lại" in home(nam)
    for label, days in (("Trang sắp hết", 3), ("Trang còn lâu", 90)):
        Credential.objects.create(
            label=label, kind="facebook", reconnect_by=timezone.now() + timedelta(days=days, hours=1)
        )
    html = home(nam)
    assert "Còn 3 ngày" in html
    assert "Trang còn lâu" not in html
    assert "Trang sắp hết" not in home(lan)


def test_empty_states_say_what_to_do(lan, minh):
    assert "Soạn cảnh báo" in home(lan)
    assert "Không có gì chờ bạn" in home(minh) or "Nothing waits" not in home(minh)


def test_many_items_cost_as_many_queries_as_few(lan, minh):
    clients = {role: Client() for role in Role}
    for role, client in clients.items():
        person = {Role.EDITOR: lan, Role.APPROVER: minh}.get(role) or factories.user(f"nam-{role}", role)
        client.force_login(person)
        client.get(HOME)

    def cost(role):
        with CaptureQueriesContext(connection) as queries:
            clients[role].get(HOME)
        return len(queries)

    def more(number):
        factories.warning(lan, key=f"nhap-{number}", title=f"Nháp {number}")
        factories.submitted(lan, key=f"cho-{number}", title=f"Chờ {number}")
        approval.return_for_changes(
            factories.submitted(lan, key=f"tra-{number}", title=f"Trả {number}"), minh, "Sửa."
        )
        factories.approved(factories.submitted(lan, key=f"duyet-{number}", title=f"Duyệt {number}"), minh)

    more(1)
    few = {role: cost(role) for role in Role}
    for number in range(2, 6):
        more(number)
    for role in Role:
        assert cost(role) <= few[role], role
