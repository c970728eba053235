"""The calendar of what is published and planned."""

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.editorial import approval, withdrawal
from publishers.dispatch import drain
from publishers.models import Release
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def desk(lan) -> Client:
    client = Client()
    client.force_login(lan)
    return client


def shown(client, month="") -> tuple[str, dict]:
    response = client.get(reverse("editorial:calendar"), {"thang": month} if month else {})
    assert response.status_code == 200
    return response.content.decode(), response.context


def test_weeks_begin_on_monday(desk):
    _html, context = shown(desk, "2026-11")
    assert str(context["weekdays"][0]) == "Thứ 2"
    assert [day.date.isoformat() for day in context["days"]][:: len(context["days"]) - 1] == [
        "2026-10-26",
        "2026-12-06",
    ]
    assert (str(context["previous"]), str(context["next"])) == ("2026-10-01", "2026-12-01")


def test_an_empty_month_says_so(desk):
    html, _context = shown(desk, "2031-02")
    assert "Tháng này chưa xuất bản" in html
    assert "02/2031" in html


@pytest.mark.parametrize("asked", ["2026-13", "0000-01", "x", "2026-1", "'; --", "99999-01"])
def test_anything_else_shows_this_month(desk, asked):
    _html, context = shown(desk, asked)
    assert context["first"] == timezone.localdate().replace(day=1)


def test_a_release_stands_on_its_local_day_with_its_link(desk, lan, minh):
    release = factories.approved(factories.submitted(lan, title="Bài trong lịch"), minh)
    # Half past midnight here is still the day before in UTC.
    release.sealed_at = timezone.make_aware(datetime(2026, 11, 3, 0, 30))
    release.save()
    html, context = shown(desk, "2026-11")
    [day] = [day for day in context["days"] if day.entries]
    assert day.date.isoformat() == "2026-11-03"
    assert reverse("publishers:release", args=[release.pk]) in html
    assert "00:30" in html
    assert "03/11/2026" in html


def test_corrections_withdrawals_and_expiries_are_told_apart(desk, lan, minh):
    release = factories.approved(factories.submitted(lan, title="Bài sẽ thu hồi"), minh)
    drain("w")
    page = release.page
    draft = page.get_latest_revision_as_object()
    draft.expires_on, draft.correction_note = timezone.localdate() + timedelta(days=1), "Sửa hạn."
    draft.save_revision(user=lan)
    factories.approved(approval.submit(page, lan, not_secret=True), minh)
    drain("w")
    month = (timezone.localdate() + timedelta(days=1)).strftime("%Y-%m")
    html, _context = shown(desk, month)
    assert "Ngày cuối còn hiệu lực" in html
    html, _context = shown(desk)
    assert "Đã đính chính" in html
    withdrawal.withdraw(
        page, minh, note="Sai.", seen_seal=withdrawal.draft(page, "Sai.").seal, not_secret=True
    )
    drain("w")
    assert "Đã thu hồi" in shown(desk)[0]
    assert "Ngày cuối còn hiệu lực" not in shown(desk, month)[0]


def test_a_full_day_folds_the_rest(desk, lan, minh):
    for number in range(6):
        factories.approved(factories.submitted(lan, key=f"bai-{number}", title=f"Bài {number}"), minh)
    Release.objects.update(sealed_at=timezone.now())
    _html, context = shown(desk)
    [day] = [day for day in context["days"] if day.entries]
    assert (len(day.first), len(day.rest)) == (3, 3)


def test_strangers_are_sent_to_sign_in(client):
    assert "/admin/login/" in client.get(reverse("editorial:calendar")).url
