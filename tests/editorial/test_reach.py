"""Units in the editorial work: who is told, who sees what, and what another unit's words never say."""

from datetime import timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.editorial import approval, digest, reminders
from cms.editorial.deadlines import ApprovalDeadlines
from cms.users import memberships
from cms.users.models import Membership, User
from cms.users.roles import Role
from publishers.models import Credential, Delivery
from scam_warnings.gates.base import Subject
from scam_warnings.gates.similarity import SimilarityGate
from scam_warnings.models import ScamWarningPage
from tests import factories

pytestmark = pytest.mark.django_db
OWN, FOREIGN = "sonduong", "hailinh"


@pytest.fixture
def wards(site):
    """Two wards with people of every role; what is theirs carries their mark."""
    return {mark: factories.unit(f"Phường {mark}") for mark in (OWN, FOREIGN)}


@pytest.fixture
def people(wards):
    return {
        (mark, role): factories.user(f"{mark}-{role.value}", role, unit=unit)
        for mark, unit in wards.items()
        for role in (Role.EDITOR, Role.APPROVER, Role.PUBLISHER, Role.ADMINISTRATOR)
    }


def waiting(people, mark: str, **changes):
    words = {"title": f"Chờ duyệt {mark}", "key": mark, **changes}
    return factories.submitted(people[mark, Role.EDITOR], **words)


def inside(client, person) -> None:
    client.force_login(User.objects.get(pk=person.pk))


def test_a_submission_is_mailed_to_those_who_may_decide(people, django_capture_on_commit_callbacks):
    above = factories.user("giamdoc", Role.APPROVER)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        waiting(people, FOREIGN)
    told = {address for message in mail.outbox for address in message.to}
    assert told == {people[FOREIGN, Role.APPROVER].email, above.email}


def test_reminders_go_to_those_who_may_decide_and_their_administrators(people):
    state = waiting(people, FOREIGN)
    late = timezone.now() + timedelta(days=30)
    mail.outbox.clear()
    reminders.remind(late)
    told = {address for message in mail.outbox for address in message.to}
    assert told == {people[FOREIGN, role].email for role in (Role.APPROVER, Role.ADMINISTRATOR)}
    assert state.pk


def test_an_ended_role_gets_no_letters(people):
    waiting(people, FOREIGN)
    memberships.end(Membership.objects.get(user=people[FOREIGN, Role.APPROVER]))
    mail.outbox.clear()
    reminders.remind(timezone.now() + timedelta(days=30))
    assert people[FOREIGN, Role.APPROVER].email not in {to for message in mail.outbox for to in message.to}


def test_the_daily_letter_and_the_start_page_hold_what_is_within_reach(client, people, wards):
    release = factories.approved(waiting(people, FOREIGN), people[FOREIGN, Role.APPROVER])
    Delivery.objects.filter(release=release).update(
        state="failed", error_code="x", error_sentence="x", next_attempt_at=None
    )
    Credential.objects.create(
        label=f"Tài khoản {FOREIGN}",
        kind="webhook",
        unit=wards[FOREIGN],
        health=Credential.Health.RECONNECT_REQUIRED,
    )
    now = timezone.now()
    assert digest.of(people[FOREIGN, Role.PUBLISHER], now).failed
    assert not digest.of(people[OWN, Role.PUBLISHER], now).failed
    for mark, shown in ((FOREIGN, True), (OWN, False)):
        for role in (Role.PUBLISHER, Role.ADMINISTRATOR):
            inside(client, people[mark, role])
            for view in ("wagtailadmin_home", "editorial:calendar"):
                body = client.get(reverse(view)).content.decode()
                assert (f"Chờ duyệt {FOREIGN}" in body) is shown, (mark, role, view)
                if role is Role.ADMINISTRATOR and view == "wagtailadmin_home":
                    assert (f"Tài khoản {FOREIGN}" in body) is shown


def test_who_left_a_unit_is_shown_nothing_of_it(client, people, wards):
    author = people[FOREIGN, Role.EDITOR]
    page = factories.warning(author, title="Bản nháp cũ", key="cu")
    memberships.end(Membership.objects.get(user=author))
    memberships.record(author, Role.EDITOR, wards[OWN])
    inside(client, author)
    assert "Bản nháp cũ" not in client.get(reverse("wagtailadmin_home")).content.decode()
    for view in ("editorial:submit", "editorial:trail", "editorial:deliveries", "editorial:withdraw"):
        assert client.get(reverse(view, args=[page.pk])).status_code == 404, view


def test_the_log_of_a_warning_is_for_its_own_people(client, people):
    page = factories.warning(people[FOREIGN, Role.EDITOR], title=f"Nháp {FOREIGN}", key="nhap")
    address = reverse("editorial:trail", args=[page.pk])
    for mark, status in ((FOREIGN, 200), (OWN, 404)):
        for role in (Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR):
            inside(client, people[mark, role])
            answer = client.get(address)
            assert answer.status_code == status, (mark, role)
            assert (FOREIGN.encode() in answer.content) is (status == 200)


def test_the_whole_log_is_for_the_province(client, people):
    mixed = people[OWN, Role.ADMINISTRATOR]
    memberships.record(mixed, Role.EDITOR, Membership.objects.get(user=mixed).unit.parent)
    for person, status in (
        (people[OWN, Role.ADMINISTRATOR], 302),
        (mixed, 302),
        (factories.user("nam", Role.ADMINISTRATOR), 200),
    ):
        inside(client, person)
        assert client.get(reverse("audit:index")).status_code == status, person


def test_what_another_unit_refused_is_refused_without_its_words(people):
    state = waiting(people, FOREIGN)
    approval.reject(state, people[FOREIGN, Role.APPROVER], "Trùng chuyên án đang điều tra")
    with pytest.raises(approval.ApprovalRefused) as refused:
        waiting(people, OWN, title=f"Chờ duyệt {FOREIGN}", slug="khac")
    assert "chuyên án" not in str(refused.value)
    again = factories.warning(
        people[FOREIGN, Role.EDITOR], title=f"Chờ duyệt {FOREIGN}", slug="lai", key="k3"
    )
    with pytest.raises(approval.ApprovalRefused) as refused:
        approval.submit(again, people[FOREIGN, Role.EDITOR], not_secret=True)
    assert "chuyên án" in str(refused.value)


def test_similar_warnings_of_others_are_named_once_they_are_public(people):
    factories.warning(people[FOREIGN, Role.EDITOR], title=f"Giống hệt {FOREIGN}", key="giong")
    page = factories.warning(people[OWN, Role.EDITOR], title=f"Giống hệt {OWN}", key="moi")

    def named(person):
        return SimilarityGate().ask(Subject(page, User.objects.get(pk=person.pk))).links

    assert not named(people[OWN, Role.EDITOR])
    assert not named(people[OWN, Role.APPROVER])
    superior = factories.user("sep", Role.EDITOR)
    assert named(superior)[0].url.startswith("/admin/")
    ScamWarningPage.objects.filter(title__contains=FOREIGN).update(live=True)
    assert "/admin/" not in named(people[OWN, Role.EDITOR])[0].url


def test_a_ward_does_not_set_the_deadlines_or_the_official_sources_of_all(client, people):
    for person, status in (
        (people[OWN, Role.ADMINISTRATOR], 302),
        (factories.user("nam", Role.ADMINISTRATOR), 200),
    ):
        inside(client, person)
        address = reverse(
            "wagtailsettings:edit", args=["editorial", "approvaldeadlines", ApprovalDeadlines.load().pk]
        )
        assert client.get(address).status_code == status
        assert client.get(reverse("wagtailsnippets_scam_warnings_officialsource:add")).status_code == status
