"""Two of the same at once, each in a transaction of its own: it happens once. The database is made anew afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.core import mail
from django.db import connection
from django.utils import timezone

from cms.editorial import approval
from cms.editorial.letters import SentLetter
from cms.editorial.models import ApprovalTask, Review
from cms.editorial.reminders import remind
from cms.editorial.stages import urgent
from cms.editorial.stages.lanes import ApprovalPath
from cms.users import units
from cms.users.roles import Role
from scam_warnings.models import ScamWarningPage
from tests import factories


def test_two_watches_at_once_send_one_letter(live_db):
    factories.site()
    lan, minh = factories.user("lan", Role.EDITOR), factories.user("minh", Role.APPROVER)
    state = factories.submitted(lan, severity="urgent")
    mail.outbox.clear()

    def run(_):
        try:
            return remind(state.started_at + timedelta(minutes=31)).reminded
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(8))) == 1
    assert SentLetter.objects.filter(user=minh, key__startswith="overdue:").count() == 1


def test_the_request_and_two_watches_at_once_send_one_letter(live_db):
    factories.site()
    lan, minh = factories.user("lan", Role.EDITOR), factories.user("minh", Role.APPROVER)
    mail.outbox.clear()
    state = factories.submitted(lan, severity="urgent")

    def run(_):
        try:
            return urgent.call(timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(6))) == 0
    assert [message.to[0] for message in mail.outbox] == [minh.email]
    assert state.status == "in_progress"


def test_two_reviewers_at_once_pass_it_on_once(live_db):
    factories.site()
    lan = factories.user("lan", Role.EDITOR)
    reviewers = [factories.user(f"r{number}", Role.REVIEWER) for number in range(4)]
    ApprovalPath.objects.create(unit=units.province(), severity="caution", stages="two")
    state = factories.submitted(lan, severity="caution")
    seal = approval.under_review(state).seal

    def press(reviewer):
        try:
            approval.pass_on(state, reviewer, seen_seal=seal)
        except approval.ApprovalRefused:
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, reviewers)) == 1
    assert Review.objects.count() == 1
    now = ScamWarningPage.objects.get(pk=state.workflow_state.object_id).current_workflow_task_state
    assert isinstance(now.task.specific, ApprovalTask)
