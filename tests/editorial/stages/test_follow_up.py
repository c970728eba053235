"""«Hậu kiểm»: within a day, by a third person, reminded, alarmed."""

from datetime import timedelta

from django.core import mail
from django.urls import reverse

import pytest

from cms.editorial import approval, withdrawal
from cms.editorial.models import FollowUp
from cms.editorial.stages import follow_ups
from cms.editorial.stages.follow_up_watch import Reminded, remind
from cms.users.roles import Role
from publishers.models import Notice
from publishers.watch import watchman
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.editorial.stages.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def row(lan, minh):
    """Approved in the urgent lane a moment ago."""
    release = factories.approved(factories.submitted(lan, severity="urgent"), minh)
    mail.outbox.clear()
    return release.follow_up


@pytest.fixture
def third(row):
    return factories.user("ba", Role.REVIEWER)


def page_of(row):
    return reverse("editorial:follow_up", args=[row.pk])


def after(row, hours):
    return row.release.sealed_at + timedelta(hours=hours)


def test_only_the_urgent_lane_asks_for_it(lan, minh):
    factories.approved(factories.submitted(lan, severity="caution"), minh)
    assert not FollowUp.objects.exists()
    factories.approved(factories.submitted(lan, severity="urgent", key="khan"), minh)
    [row] = FollowUp.objects.all()
    assert row.due_at - row.release.sealed_at == timedelta(hours=24)


def test_a_third_person_accepts_it(row, third):
    browser = signed_in(third)
    assert page_of(row) in browser.get("/admin/").content.decode()
    html = browser.get(page_of(row)).content.decode()
    assert row.release.reference in html
    assert browser.post(page_of(row), {"outcome": "accepted"}).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.done_by) == ("accepted", third)
    assert page_of(row) not in browser.get("/admin/").content.decode()


def test_neither_author_nor_approver_does_it(row, minh):
    html = signed_in(minh).get(page_of(row)).content.decode()
    assert "người thứ ba" in html
    signed_in(minh).post(page_of(row), {"outcome": "accepted"})
    lan = row.involved.get(username="lan")
    assert signed_in(lan).post(page_of(row), {"outcome": "accepted"}).status_code in {302, 403}
    row.refresh_from_db()
    assert row.done_at is None


def test_people_without_the_role_or_of_other_units_see_nothing(row):
    elsewhere = factories.user("xa", Role.APPROVER, unit=factories.unit("Phường Bình Minh"))
    assert signed_in(elsewhere).get(page_of(row)).status_code == 404
    assert signed_in(factories.user("xb", Role.PUBLISHER)).get(page_of(row)).status_code in {302, 403}


def test_more_than_accepting_needs_a_reason_and_nothing_is_lost(row, third):
    browser = signed_in(third)
    empty = browser.post(page_of(row), {"outcome": "correction", "note": " "})
    assert empty.status_code == 422
    assert "Hãy nêu rõ điều chưa đúng" in empty.content.decode()
    assert browser.post(page_of(row), {"note": "Sai số điện thoại."}).status_code == 422
    assert "Sai số điện thoại." in browser.post(page_of(row), {"note": "Sai số điện thoại."}).content.decode()
    with pytest.raises(follow_ups.FollowUpRefused):
        follow_ups.finish(row, third, "withdrawal", " ")


def test_a_correction_is_asked_of_authors_and_approvers_and_stands_until_it_comes(row, third, lan, minh):
    signed_in(third).post(page_of(row), {"outcome": "correction", "note": "Sai tên cơ quan."})
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([lan.email, minh.email])
    assert all("Sai tên cơ quan." in letter.body for letter in mail.outbox)
    assert "Sai tên cơ quan." in signed_in(minh).get("/admin/").content.decode()
    page = ScamWarningPage.objects.get()
    draft = page.get_latest_revision_as_object()
    draft.summary, draft.correction_note = "Bản đúng.", "Sửa tên cơ quan."
    draft.save_revision(user=lan)
    factories.approved(approval.submit(page, lan, not_secret=True), minh)
    assert "Sai tên cơ quan." not in signed_in(minh).get("/admin/").content.decode()


def test_a_withdrawal_leads_there_whoever_may(row):
    approver = factories.user("tu", Role.APPROVER)
    answer = signed_in(approver).post(page_of(row), {"outcome": "withdrawal", "note": "Tin sai."})
    assert answer.url == reverse("editorial:withdraw", args=[row.release.page_id])


def test_what_was_withdrawn_meanwhile_needs_none(row, minh):
    page = ScamWarningPage.objects.get()
    draft = withdrawal.draft(page, "Tin sai.")
    withdrawal.withdraw(page, minh, note="Tin sai.", seen_seal=draft.seal, not_secret=True)
    assert not follow_ups.still_open().exists()


def test_two_at_once_leave_one(row, third):
    fourth = factories.user("bon", Role.APPROVER)
    follow_ups.finish(row, third, "accepted")
    with pytest.raises(follow_ups.FollowUpRefused, match="Đã có người hậu kiểm"):
        follow_ups.finish(row, fourth, "accepted")


def test_reminded_at_twenty_hours_alarmed_after_a_day_and_quiet_again_when_done(row, third):
    factories.user("nam", Role.ADMINISTRATOR)
    assert remind(after(row, 19.9)) == Reminded(0, 0)
    assert remind(after(row, 20)) == Reminded(1, 0)
    assert remind(after(row, 23)) == Reminded(0, 0)
    assert [letter.to for letter in mail.outbox] == [[third.email]]
    assert not Notice.objects.exists()
    mail.outbox.clear()
    assert remind(after(row, 24)).overdue == 1
    remind(after(row, 30))
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ba@example.vn", "nam@example.vn"]
    [notice] = Notice.objects.filter(ended_at__isnull=True)
    assert "Quá hạn hậu kiểm" in notice.title
    follow_ups.finish(row, third, "accepted")
    assert remind(after(row, 31)) == Reminded(0, 0)
    assert not Notice.objects.filter(ended_at__isnull=True).exists()


def test_the_watch_does_it():
    assert "follow-ups" in {job.name for job in watchman.jobs()}
