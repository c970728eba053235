"""A correction or withdrawal stays open until every channel is closed; the clock shows how long that took."""

from datetime import timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.editorial import withdrawal
from cms.users.roles import Role
from publishers import closing
from publishers.assisted import tasks
from publishers.models import AssistedTask, Notice, Release
from publishers.watch import open_changes
from tests import factories
from tests.delivery.conftest import change, of, sign

pytestmark = pytest.mark.django_db
LIST = "publishers:open_changes"


@pytest.fixture
def corrected(lan, minh, hand, engine) -> Release:
    """Published on the portal and in a group posted by hand, then corrected; the group is still open."""
    page = factories.warning(lan, channels=[hand.name])
    sign(page, lan, minh)
    engine.turn()
    engine.turn(30)
    tasks.finish(AssistedTask.objects.get(), url="https://zalo.me/g/abc")
    change(page, lan, summary="Đã sửa.", correction_note="Sửa số điện thoại.")
    made = sign(page, lan, minh)
    engine.turn()
    engine.turn(30)
    return made


@pytest.fixture
def staff(client):
    client.force_login(factories.user("nam", Role.ADMINISTRATOR, Role.PUBLISHER))
    return client


def test_it_is_open_until_the_last_channel_and_then_shows_the_time(corrected, staff):
    clock = closing.clock_of(corrected)
    assert (clock.channels, clock.open) == (2, 1)
    page = reverse("publishers:release", args=[corrected.pk])
    assert "1/2 kênh đã xong" in staff.get(page).content.decode()
    assert corrected.reference in staff.get(reverse(LIST)).content.decode()
    assert "Đính chính, thu hồi chưa xong" in staff.get("/admin/").content.decode()
    tasks.finish(AssistedTask.objects.get(delivery__release=corrected), url="https://zalo.me/g/abd")
    clock = closing.clock_of(corrected)
    assert not clock.is_open
    assert clock.ended - corrected.sealed_at == clock.took(timezone.now() + timedelta(days=3))
    assert "Đã xong trên mọi kênh" in staff.get(page).content.decode()
    assert "Không còn việc nào mở" in staff.get(reverse(LIST)).content.decode()
    assert "Đính chính, thu hồi chưa xong" not in staff.get("/admin/").content.decode()


def test_a_channel_is_given_up_only_with_a_reason(corrected, staff, hand):
    delivery = of(corrected, hand)
    address = reverse("publishers:delivery_cancel", args=[delivery.pk])
    staff.post(address, {"reason": " "})
    assert closing.clock_of(corrected).is_open
    staff.post(address, {"reason": "Nhóm đã giải tán."})
    assert not closing.clock_of(corrected).is_open


@pytest.mark.parametrize(("urgent", "minutes"), [(True, 30), (False, 240)])
def test_the_alarm_is_raised_once_and_ends_with_the_last_channel(corrected, staff, urgent, minutes):
    Release.objects.filter(pk=corrected.pk).update(urgent=urgent)
    mail.outbox.clear()
    due = corrected.sealed_at + timedelta(minutes=minutes)
    assert open_changes.check(due - timedelta(seconds=1)) == 0
    assert open_changes.check(due) == open_changes.check(due + timedelta(hours=1)) == 1
    assert len(mail.outbox) == 1
    tasks.finish(AssistedTask.objects.get(delivery__release=corrected), url="https://zalo.me/g/abd")
    assert open_changes.check(due) == 0
    assert not Notice.objects.filter(key__startswith="change-open:", ended_at=None).exists()


def test_a_withdrawal_too(corrected, minh, engine):
    page = corrected.page
    draft = withdrawal.draft(page, "Nhầm.")
    made = withdrawal.withdraw(page, minh, note="Nhầm.", seen_seal=draft.seal, not_secret=True)
    engine.turn()
    assert [clock.release for clock in closing.still_open()] == [made]


def test_an_ordinary_release_has_no_clock(corrected):
    first = corrected.page.releases.get(number=1)
    assert closing.clock_of(first) is None


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(seconds=5), "00:00:05"),
        (timedelta(hours=3, minutes=4), "03:04:00"),
        (timedelta(days=2, seconds=1), "2 ngày 00:00:01"),
    ],
)
def test_the_clock_in_words(span, shown):
    assert closing.spoken(span) == shown
