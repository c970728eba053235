"""Approvers are reminded once, then others are told once; whatever stops in between."""

from datetime import timedelta

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

import pytest

from cms.editorial import approval
from cms.editorial.reminders import Reminded, remind
from cms.users.roles import Role
from publishers.watch import watchman
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def nam():
    return factories.user("nam", Role.ADMINISTRATOR)


@pytest.fixture
def urgent(lan, minh, nam):
    """Submitted this moment: due in 30 minutes, told to others after an hour."""
    state = factories.submitted(lan, severity="urgent")
    mail.outbox.clear()
    return state


def after(state, minutes):
    return state.started_at + timedelta(minutes=minutes)


def letters():
    found = [(message.to[0], message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


def test_nobody_is_told_before_the_deadline(urgent):
    assert remind(after(urgent, 29)) == Reminded(0, 0)
    assert letters() == []


def test_approvers_are_reminded_once_then_administrators_are_told_once(urgent, minh, nam):
    for minutes in (30, 31, 45):
        remind(after(urgent, minutes))
    [(to, subject)] = letters()
    assert to == minh.email
    assert "Quá hạn duyệt" in subject
    for minutes in (60, 61, 600, 60_000):
        remind(after(urgent, minutes))
    told = letters()
    assert sorted(to for to, _ in told) == sorted([minh.email, nam.email])
    assert all("Vẫn chưa có quyết định" in subject for _, subject in told)


def test_the_letter_says_what_since_when_and_where(urgent, client, minh):
    remind(after(urgent, 40))
    [letter] = mail.outbox
    page = approval.under_review(urgent).page
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    for text in (letter.body, html):
        assert page.title in text
        assert f"/admin/duyet/canh-bao/{page.pk}/" in text
    assert "10\xa0phút" in letter.body
    client.force_login(minh)
    assert client.get(f"/admin/duyet/canh-bao/{page.pk}/", follow=True).status_code == 200


def test_after_a_standstill_one_letter_is_enough(urgent, minh):
    remind(after(urgent, 500))
    assert [to for to, _ in letters()].count(minh.email) == 1


def test_a_decision_ends_it_and_a_new_round_begins_anew(urgent, lan, minh):
    approval.return_for_changes(urgent, minh, "Thêm nguồn.")
    mail.outbox.clear()
    assert remind(after(urgent, 100)) == Reminded(0, 0)
    state = urgent.workflow_state
    state.refresh_from_db()
    state.resume(user=lan)
    again = state.current_task_state
    mail.outbox.clear()
    assert remind(again.started_at + timedelta(minutes=31)) == Reminded(1, 0)


def test_an_author_who_is_an_approver_too_is_not_asked_to_approve_their_own(minh, nam):
    both = factories.user("both", Role.EDITOR, Role.APPROVER)
    state = factories.submitted(both, severity="urgent")
    mail.outbox.clear()
    remind(after(state, 31))
    assert [to for to, _ in letters()] == [minh.email]


class Refusing(EmailBackend):
    """A mail server that takes nothing for one person."""

    def send_messages(self, messages):
        if any(message.to == ["minh@example.vn"] for message in messages):
            raise OSError("refused")
        return super().send_messages(messages)


def test_what_the_mail_server_refused_is_tried_again_and_holds_nobody_up(urgent, minh, settings):
    other = factories.user("hoa", Role.APPROVER)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert remind(after(urgent, 31)) == Reminded(1, 0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind(after(urgent, 32)) == Reminded(1, 0)
    assert sorted(to for to, _ in letters()) == sorted([other.email, minh.email])


def test_a_clock_that_is_set_back_tells_nothing_twice(urgent):
    remind(after(urgent, 31))
    letters()
    for minutes in (-60, 5, 31, 40):
        remind(after(urgent, minutes))
    assert letters() == []


def test_the_watch_does_it():
    jobs = {job.name: job for job in watchman.jobs()}
    assert {"approval-reminders", "digest", "deadman"} <= set(jobs)
    assert jobs["approval-reminders"].run(timezone.now()) == Reminded(0, 0)
