"""The urgent lane: called at once and never twice, a link that gives no rights, a clock, a look back by a third."""

from datetime import timedelta

from django.core import mail, signing
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.editorial import approval
from cms.editorial.stages import urgent
from cms.editorial.stages.lanes import ApprovalPath, Stages, stages_of
from cms.users import units
from cms.users.roles import Role
from publishers.watch import watchman
from tests import factories
from tests.editorial.stages.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

CALL = "KHẨN, cần duyệt ngay"


@pytest.fixture
def state(lan, minh):
    """Waits in the urgent lane; nobody was called yet, because the test's transaction never ends."""
    made = factories.submitted(lan, severity="urgent")
    mail.outbox.clear()
    return made


def letters():
    found = sorted((message.to[0], message.subject) for message in mail.outbox)
    mail.outbox.clear()
    return found


def test_an_urgent_warning_takes_the_urgent_lane(state):
    assert stages_of(state.workflow_state) == Stages.URGENT
    assert state.task.specific.signs


def test_submitting_on_the_page_calls_the_approvers_at_once(lan, minh, django_capture_on_commit_callbacks):
    page = factories.warning(lan, severity="urgent")
    url = reverse("editorial:submit", args=[page.pk])
    browser = signed_in(lan)
    html = browser.get(url)
    assert "Khẩn: duyệt ngay, hậu kiểm trong 24 giờ" in html.content.decode()
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        answer = browser.post(url, {"seen": html.context["seen"], "not_secret": "on"})
    # Nothing leaves inside the transaction.
    assert letters() == []
    for callback in callbacks:
        callback()
    [(to, subject)] = letters()
    assert (to, CALL in subject) == (minh.email, True)
    calling = browser.get(answer.url).content.decode()
    assert "đã gửi thư lúc" in calling
    assert "/admin/duyet/khan/" in calling


def test_one_letter_and_no_second_from_wagtail_or_the_watch(lan, minh, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        factories.submitted(lan, severity="urgent")
    assert len(letters()) == 1
    for seconds in (1, 20, 4000):
        assert urgent.call(timezone.now() + timedelta(seconds=seconds)) == 0
    assert letters() == []


def test_what_was_rolled_back_calls_nobody(lan, minh, django_capture_on_commit_callbacks):
    page = factories.warning(lan, severity="urgent")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        approval.submit(page, lan, not_secret=True)
        transaction.set_rollback(True)
    assert letters() == []


class Refusing(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise OSError("refused")


def test_what_the_mail_server_refused_the_watch_sends(state, minh, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert urgent.call(timezone.now()) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs = {job.name: job for job in watchman.jobs()}
    assert jobs["urgent-calls"].run(timezone.now()) == 1
    assert jobs["urgent-calls"].run(timezone.now()) == 0
    assert [to for to, _ in letters()] == [minh.email]


def test_only_approvers_of_the_unit_who_had_no_hand_in_it(minh):
    ward, other = factories.unit("Phường Bình Minh"), factories.unit("Phường An Hải")
    writer = factories.user("soan", Role.EDITOR, Role.APPROVER, unit=ward)
    near = factories.user("gan", Role.APPROVER, unit=ward)
    factories.user("xa", Role.APPROVER, unit=other)
    factories.submitted(writer, severity="urgent")
    mail.outbox.clear()
    urgent.call(timezone.now())
    assert [to for to, _ in letters()] == sorted([minh.email, near.email])


def test_nobody_is_called_for_what_was_decided(state, minh):
    approval.return_for_changes(state, minh, "Thêm nguồn.")
    mail.outbox.clear()
    assert urgent.call(timezone.now()) == 0


def test_the_link_opens_the_review_page_after_signing_in(state, minh, lan):
    path = urgent.link(state).removeprefix("http://127.0.0.1:8000")
    path = path[path.index("/admin/") :]
    stranger = Client().get(path)
    assert stranger.status_code == 302
    assert "login" in stranger.url
    opened = signed_in(minh).get(path, follow=True)
    assert opened.status_code == 200
    assert opened.request["PATH_INFO"] == reverse("editorial:review", args=[state.pk])
    # It gives no rights.
    refused = signed_in(lan).get(path, follow=True)
    assert "Duyệt và xuất bản" not in refused.content.decode()


@pytest.mark.parametrize(("value", "salt"), [(None, ""), (1, "another"), ("x", urgent.SALT)])
def test_a_link_that_is_not_ours_leads_home_and_says_so(minh, value, salt):
    token = signing.dumps(value, salt=salt) if salt else "x"
    answer = signed_in(minh).get(reverse("editorial:urgent_link", args=[token]), follow=True)
    assert "Liên kết đã hết hạn" in answer.content.decode()


def test_the_clock_stands_on_the_queue_the_review_page_and_the_callers_page(state, minh, lan):
    since = f'data-clock="{timezone.localtime(state.started_at).isoformat(timespec="microseconds")}"'
    for user, url in (
        (minh, "/admin/"),
        (minh, reverse("editorial:review", args=[state.pk])),
        (lan, reverse("editorial:urgent_call", args=[state.pk])),
    ):
        html = signed_in(user).get(url).content.decode()
        assert since in html, url
        assert "editorial/clock.js" in html
    assert reverse("editorial:urgent_call", args=[state.pk]) in signed_in(lan).get("/admin/").content.decode()


def test_the_callers_page_is_for_the_people_of_the_warning(state):
    other = factories.user("khac", Role.EDITOR, unit=factories.unit("Phường Bình Minh"))
    assert signed_in(other).get(reverse("editorial:urgent_call", args=[state.pk])).status_code == 404
    publisher = factories.user("xb", Role.PUBLISHER)
    assert signed_in(publisher).get(reverse("editorial:urgent_call", args=[state.pk])).status_code in {
        302,
        403,
    }


def test_a_unit_may_ask_for_a_review_of_urgent_warnings_too(lan, minh):
    ApprovalPath.objects.create(unit=units.province(), severity="urgent", stages="two")
    state = factories.submitted(lan, severity="urgent")
    assert not state.task.specific.signs
    assert urgent.waiting() == []


def test_it_is_still_two_different_people(state, lan):
    both = factories.user("both", Role.EDITOR, Role.APPROVER)
    mine = factories.submitted(both, severity="urgent", key="cua-toi")
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(mine, both)
