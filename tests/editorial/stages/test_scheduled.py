"""Stages and what comes after the signature: times of publication, seals, reach of units."""

import json
from datetime import timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.audit.models import Entry
from cms.editorial import schedule_letters, withdrawal
from cms.editorial.models import FollowUp
from cms.editorial.stages import follow_ups
from cms.users import delegations
from cms.users.models import Membership
from cms.users.roles import Role
from publishers import scheduling, sealed_record, seals
from publishers.models import Delivery, Release, Schedule
from publishers.states import State
from tests import factories
from tests.editorial.stages.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def thu(minh):
    """Approves in the place of Minh today."""
    person = factories.user("thu", Role.EDITOR)
    now = timezone.now()
    delegations.delegate(
        Membership.objects.get(user=minh, ended_at__isnull=True),
        person,
        minh,
        begins_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=8),
        reason="Đi công tác",
    )
    return person


def held(lan, approver, **changes) -> Release:
    state = factories.submitted(lan, **{"severity": "urgent", **changes})
    return factories.approved(state, approver, publish_at=timezone.now() + timedelta(hours=2))


def test_a_release_signed_in_anothers_place_for_later_is_whole(lan, minh, thu):
    release = held(lan, thu)
    assert release.schedule.state == Schedule.State.WAITING
    assert release.follow_up.involved.filter(pk=minh.pk).exists()
    assert seals.problems(Release.objects.get(pk=release.pk)) == []
    said = Entry.objects.get(action="keng.approve").details
    assert str(minh) in said
    assert seals.record_of(release) in said
    assert sealed_record.signed(release)["release"]["signer"]["on_behalf_of"]["login"] == minh.username
    told = dict(release.circumstances)
    del told["on_behalf_of"]
    Release.objects.filter(pk=release.pk).update(circumstances=told)
    assert seals.problems(Release.objects.get(pk=release.pk))


@pytest.mark.parametrize(
    ("verb", "action"),
    [
        ("dang-ngay", "publishers.schedule_now"),
        ("doi-gio", "publishers.schedule_change"),
        ("huy", "publishers.schedule_cancel"),
    ],
)
def test_a_decision_about_a_time_says_in_whose_place_it_was_made(lan, minh, thu, verb, action):
    other = factories.user("khanh", Role.APPROVER)
    later = timezone.localtime(timezone.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    for person, expected in ((thu, str(minh)), (other, None)):
        release = held(lan, other, key=person.username, title=f"Bài của {person}")
        address = reverse("editorial:schedule_decide", args=[release.pk, verb])
        answer = signed_in(person).post(address, {"reason": "Vụ việc đổi khác.", "publish_at": later})
        assert answer.status_code == 302
        said = json.loads(Entry.objects.filter(action=action).latest("id").details)
        assert said["reference"] == release.reference
        assert said.get("on_behalf_of") == expected


def test_a_withdrawal_in_anothers_place_is_whole(lan, minh, thu):
    page = factories.approved(factories.submitted(lan), minh).page.specific
    Delivery.objects.update(
        state=State.DELIVERED, remote_id="1", delivered_at=timezone.now(), next_attempt_at=None
    )
    draft = withdrawal.draft(page, "Sai số điện thoại.")
    release = withdrawal.withdraw(page, thu, note="Sai số điện thoại.", seen_seal=draft.seal, not_secret=True)
    assert seals.problems(Release.objects.get(pk=release.pk)) == []
    said = Entry.objects.get(action="keng.withdraw").details
    assert str(minh) in said
    assert seals.record_of(release) in said


def test_what_was_given_up_before_its_time_needs_no_follow_up(lan, minh):
    third = factories.user("ba", Role.REVIEWER)
    release = held(lan, minh)
    assert follow_ups.to_do_for(third) == [release.follow_up]
    scheduling.cancel(release, minh, "Đã hết mùa.")
    assert follow_ups.to_do_for(third) == []


def test_what_is_not_public_yet_is_stopped_rather_than_withdrawn(lan, minh):
    third = factories.user("ba", Role.APPROVER)
    release = held(lan, minh)
    mail.outbox.clear()
    answer = signed_in(third).post(
        reverse("editorial:follow_up", args=[release.follow_up.pk]),
        {"outcome": "withdrawal", "note": "Sai tên ngân hàng."},
    )
    assert answer.url == reverse("editorial:schedules")
    assert mail.outbox
    assert all(reverse("editorial:schedules") in letter.body for letter in mail.outbox)


def test_delegates_read_of_a_missed_time(lan, minh, thu):
    held(lan, minh)
    Schedule.objects.update(state=Schedule.State.MISSED)
    mail.outbox.clear()
    schedule_letters.tell_missed(timezone.now())
    assert {to for letter in mail.outbox for to in letter.to} == {minh.email, thu.email}


def test_a_foreign_unit_finds_no_follow_up(lan, minh):
    row = held(lan, minh).follow_up
    ward = factories.unit("Phường Hải Linh")
    foreign = factories.user("xa", Role.REVIEWER, unit=ward)
    browser = signed_in(foreign)
    address = reverse("editorial:follow_up", args=[row.pk])
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"outcome": "accepted"}).status_code == 404
    assert FollowUp.objects.get().done_at is None
    assert address not in browser.get("/admin/").content.decode()


def test_a_foreign_administrator_ends_no_delegation(minh, thu):
    ward = factories.unit("Phường Hải Linh")
    browser = signed_in(factories.user("xa", Role.ADMINISTRATOR, unit=ward))
    [lent] = thu.delegations.all()
    address = reverse("users:delegation", args=[lent.pk])
    assert browser.post(address, {"decision": "end"}).status_code == 404
    lent.refresh_from_db()
    assert lent.revoked_at is None
