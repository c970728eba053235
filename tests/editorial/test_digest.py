"""The daily letter."""

from datetime import datetime, timedelta

from django.core import mail
from django.test import Client
from django.utils import timezone

import pytest

from cms.editorial import approval
from cms.editorial.deadlines import ApprovalDeadlines
from cms.editorial.digest import send_digests
from cms.editorial.letters import SentLetter
from cms.editorial.stages import follow_ups
from cms.editorial.stages.lanes import ApprovalPath
from cms.users import requests, units
from cms.users.roles import Role
from publishers import states
from publishers.models import Delivery
from publishers.states import State
from tests import factories
from tests.tips.conftest import STORY, tip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def morning(days=1, hour=7, minute=30):
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def next_morning():
    """The first one after now, so within a day."""
    return morning(days=0) if timezone.now() < morning(days=0) else morning(days=1)


def letters():
    found = {message.to[0]: message for message in mail.outbox}
    assert len(found) == len(mail.outbox), "somebody got two"
    mail.outbox.clear()
    return found


@pytest.fixture
def returned(lan, minh):
    state = factories.submitted(lan, key="mot", title="Bài bị trả lại")
    approval.return_for_changes(state, minh, "Thêm nguồn của cơ quan thuế.")
    return state


@pytest.fixture
def waiting(lan, minh):
    state = factories.submitted(lan, key="hai", title="Bài đang chờ", severity="info")
    mail.outbox.clear()
    return state


def test_everybody_gets_what_waits_for_them(returned, waiting, lan, minh):
    assert send_digests(morning()) == 2
    sent = letters()
    assert set(sent) == {lan.email, minh.email}
    assert "Bài bị trả lại: Thêm nguồn của cơ quan thuế." in sent[lan.email].body
    assert "Bài đang chờ" not in sent[lan.email].body
    assert "Bài đang chờ (Khuyến cáo)" in sent[minh.email].body
    [(html, _kind)] = sent[minh.email].alternatives
    assert "Bài đang chờ" in html


def test_nothing_is_sent_when_nothing_waits(lan, minh):
    assert send_digests(morning()) == 0
    assert mail.outbox == []


def test_it_comes_once_a_day_whatever_comes_up_later(lan, minh):
    send_digests(morning())
    factories.submitted(lan, key="hai", title="Bài đang chờ")
    mail.outbox.clear()
    assert send_digests(morning(minute=31)) == 0
    assert send_digests(morning(hour=12)) == 0
    assert send_digests(morning(days=2)) == 1
    assert set(letters()) == {minh.email}


def test_not_before_the_hour_and_not_after_the_working_day(waiting):
    assert send_digests(morning(hour=7, minute=29)) == 0
    assert send_digests(morning(hour=17, minute=0)) == 0
    assert send_digests(morning(hour=16, minute=59)) == 1


def test_a_standstill_or_a_clock_set_back_sends_nothing_twice(waiting, minh):
    assert send_digests(morning(days=2, hour=9)) == 1
    assert send_digests(morning(days=2, hour=8)) == 0
    letters()
    # Set back by a day: that day's letter is another one, and it comes once as well.
    assert [send_digests(morning(days=1)), send_digests(morning(days=1))] == [1, 0]
    assert send_digests(morning(days=2, hour=10)) == 0


def test_the_hour_is_a_setting(waiting):
    rules = ApprovalDeadlines.load()
    rules.digest_at = "09:00"
    rules.save()
    assert send_digests(morning(hour=8)) == 0
    assert send_digests(morning(hour=9, minute=0)) == 1


def test_overdue_items_stand_apart(waiting, minh):
    send_digests(morning(days=30))
    body = letters()[minh.email].body
    assert "Đã quá hạn duyệt (1)" in body
    assert "Chờ bạn duyệt" not in body


def test_administrators_read_of_failed_deliveries(lan, minh):
    nam = factories.user("nam", Role.ADMINISTRATOR)
    channel = factories.channel("facebook_page", "Trang tỉnh", "11")
    release = factories.approved(factories.submitted(lan, channels=["Trang tỉnh"]), minh)
    delivery = Delivery.objects.get(release=release, channel=channel)
    if delivery.state == State.SCHEDULED:
        states.move(delivery, State.DUE)
    states.move(
        delivery,
        State.FAILED,
        error_code="refused",
        error_sentence="Nội dung bị từ chối.",
        next_attempt_at=None,
    )
    mail.outbox.clear()
    send_digests(morning())
    sent = letters()
    assert "Trang tỉnh" in sent[nam.email].body
    assert "Nội dung bị từ chối." in sent[nam.email].body
    assert minh.email not in sent


def test_follow_up_reviews_to_do_are_told_to_whoever_can_do_them(lan, minh):
    third = factories.user("ba", Role.REVIEWER)
    release = factories.approved(factories.submitted(lan, severity="urgent", title="Bài khẩn đã đăng"), minh)
    mail.outbox.clear()
    send_digests(next_morning())
    sent = letters()
    assert set(sent) == {third.email}, "neither the author nor the approver can do it"
    body = sent[third.email].body
    assert "Hậu kiểm (1)" in body
    assert f"Bài khẩn đã đăng ({release.reference}): hạn hậu kiểm" in body
    assert "Bài khẩn đã đăng" in sent[third.email].alternatives[0][0]
    send_digests(morning(days=3))
    assert f"Bài khẩn đã đăng ({release.reference}): đã quá hạn lúc" in letters()[third.email].body
    follow_ups.finish(release.follow_up, third, "accepted")
    send_digests(morning(days=4))
    assert letters() == {}


def test_a_reviewer_reads_of_reviews_not_of_approvals(lan, minh):
    hanh = factories.user("hanh", Role.REVIEWER)
    ApprovalPath.objects.create(unit=units.province(), severity="info", stages="two")
    factories.submitted(lan, key="hai", title="Bài chờ thẩm định", severity="info")
    mail.outbox.clear()
    send_digests(morning())
    body = letters()[hanh.email].body
    assert "Chờ bạn thẩm định (1)" in body
    assert "Chờ bạn duyệt" not in body


def test_people_who_left_or_have_no_address_get_none(waiting, minh):
    minh.email = ""
    minh.save()
    gone = factories.user("cu", Role.APPROVER)
    gone.is_active = False
    gone.save()
    assert send_digests(morning()) == 0


def test_rows_of_past_mornings_are_forgotten(waiting):
    send_digests(morning(days=1))
    send_digests(morning(days=40))
    assert set(SentLetter.objects.values_list("key", flat=True)) == {
        f"digest:{timezone.localdate(morning(days=40)).isoformat()}"
    }


def test_other_parts_say_how_many_wait_and_nothing_of_what_they_are(lan, settings, tmp_path):
    settings.PORTAL_ROOT, settings.CITIZEN_FORM_SECONDS = tmp_path, -1
    first, second = factories.user("a", Role.ADMINISTRATOR), factories.user("b", Role.ADMINISTRATOR)
    requests.ask(factories.user("hoa"), Role.APPROVER, units.province(), first)
    citizen = Client(enforce_csrf_checks=True)
    tip(citizen)
    tip(citizen)
    send_digests(morning())
    sent = letters()
    assert set(sent) == {lan.email, second.email}
    assert "2 phản ánh của người dân chưa đọc" in sent[lan.email].body
    assert STORY[:20] not in str(sent[lan.email].message())
    assert "1 vai trò chờ bạn xác nhận" in sent[second.email].body
