"""«Ủy quyền»: who may decide in whose place, from when until when."""

from datetime import timedelta

from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.editorial import approval
from cms.signin.requirement import needs_second_factor
from cms.users import delegations, memberships, scope, units
from cms.users.models import Delegation, Membership
from cms.users.refusals import Refused
from cms.users.roles import Role
from publishers import sealed_record
from publishers.models import Release
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

DAY = timedelta(days=1)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def role_of(user, role=Role.APPROVER) -> Membership:
    return Membership.objects.get(user=user, role=role, ended_at__isnull=True)


def lend(principal, to_user, begins=-1, ends=1, *, by=None, role=Role.APPROVER) -> Delegation:
    """From ``begins`` to ``ends`` days from now."""
    now = timezone.now()
    return delegations.delegate(
        role_of(principal, role),
        to_user,
        by or principal,
        begins_at=now + begins * DAY,
        ends_at=now + ends * DAY,
        reason="Đi công tác",
    )


@pytest.fixture
def thu(site):
    """Somebody who decides on nothing by their own right."""
    return factories.user("thu", Role.PUBLISHER)


def test_a_delegate_sees_the_queue_and_signs_in_the_others_place(lan, minh, thu):
    state = factories.submitted(lan)
    link = reverse("editorial:review", args=[state.pk])
    assert signed_in(thu).get(link).status_code in {302, 403}
    lend(minh, thu)
    assert link in signed_in(thu).get("/admin/").content.decode()
    seal = approval.under_review(state).seal
    signed_in(thu).post(link, {"decision": "approve", "seal": seal, "not_secret": "on"})
    release = Release.objects.get()
    assert release.approved_by == thu
    assert release.on_behalf_of == "minh"
    signer = sealed_record.signed(release)["release"]["signer"]
    assert (signer["login"], signer["on_behalf_of"]["login"]) == ("thu", "minh")
    html = signed_in(thu).get(reverse("publishers:release", args=[release.pk])).content.decode()
    assert "theo ủy quyền của minh" in html


def test_the_record_of_everybody_else_says_nothing_of_it(lan, minh):
    release = factories.approved(factories.submitted(lan), minh)
    assert "on_behalf_of" not in release.circumstances
    assert "on_behalf_of" not in sealed_record.signed(release)["release"]["signer"]


def test_it_begins_and_ends_by_the_clock(minh, thu):
    made = lend(minh, thu, begins=2, ends=4)
    now = timezone.now()
    for days, holds in ((0, False), (1.9, False), (2, True), (3.9, True), (4.1, False)):
        moment = now + days * DAY + timedelta(seconds=30)
        assert bool(delegations.of(thu, moment)) is holds, days
    assert not memberships.holds(thu, Role.APPROVER)
    Delegation.objects.filter(pk=made.pk).update(begins_at=now - DAY)
    scope.forget(thu)
    assert memberships.holds(thu, Role.APPROVER)
    Delegation.objects.filter(pk=made.pk).update(ends_at=now)
    scope.forget(thu)
    assert not memberships.holds(thu, Role.APPROVER)


def test_a_delegation_that_ended_while_the_page_was_open_signs_nothing(lan, minh, thu):
    state = factories.submitted(lan)
    made = lend(minh, thu)
    seal = approval.under_review(state).seal
    Delegation.objects.filter(pk=made.pk).update(ends_at=timezone.now())
    with pytest.raises(approval.ApprovalRefused):
        approval.approve(state, thu, seen_seal=seal, not_secret=True)


def test_revoking_ends_it_at_once(minh, thu):
    made = lend(minh, thu)
    signed_in(minh).post(reverse("users:delegation", args=[made.pk]), {"decision": "revoke"})
    scope.forget(thu)
    assert not memberships.holds(thu, Role.APPROVER)
    made.refresh_from_db()
    assert made.revoked_by == minh


def test_it_ends_with_the_role_and_with_the_account(minh, thu):
    lend(minh, thu)
    memberships.end(role_of(minh))
    scope.forget(thu)
    assert not memberships.holds(thu, Role.APPROVER)
    memberships.record(minh, Role.APPROVER, units.province())
    lend(minh, thu)
    minh.is_active = False
    minh.save()
    scope.forget(thu)
    assert not memberships.holds(thu, Role.APPROVER)


def test_it_cannot_be_passed_on(minh, thu):
    third = factories.user("ba", Role.PUBLISHER)
    lend(minh, thu)
    scope.forget(thu)
    assert not delegations.offered(thu).exists()
    with pytest.raises(Refused):
        lend(minh, third, by=thu)


def test_only_to_an_active_person_of_the_unit_or_below(minh, thu):
    ward, other = factories.unit("Phường Bình Minh"), factories.unit("Phường An Hải")
    chief = factories.user("truong", Role.APPROVER, unit=ward)
    own = factories.user("own", Role.EDITOR, unit=ward)
    foreign = factories.user("foreign", Role.EDITOR, unit=other)
    for wrong in (foreign, thu, chief):
        with pytest.raises(Refused):
            lend(chief, wrong)
    assert lend(chief, own)
    own.is_active = False
    own.save()
    with pytest.raises(Refused):
        lend(chief, own)


def test_it_reaches_the_unit_of_the_role_and_no_further(lan, minh):
    ward = factories.unit("Phường Bình Minh")
    chief = factories.user("truong", Role.APPROVER, unit=ward)
    writer = factories.user("soan", Role.EDITOR, unit=ward)
    deputy = factories.user("pho", Role.PUBLISHER, unit=ward)
    lend(chief, deputy)
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(factories.submitted(lan, key="tinh"), deputy)
    assert factories.approved(factories.submitted(writer, key="phuong"), deputy)


def test_what_the_principal_wrote_is_not_signed_in_their_place(minh, thu):
    boss = factories.user("boss", Role.EDITOR, Role.APPROVER)
    lend(boss, thu)
    state = factories.submitted(boss)
    assert "đã soạn, gửi duyệt hoặc thẩm định" in approval.why_not(state, thu)
    with pytest.raises(approval.ApprovalRefused):
        factories.approved(state, thu)
    # Another delegation, of somebody who had no hand in it, is enough.
    lend(minh, thu)
    assert factories.approved(state, thu).on_behalf_of == "minh"


def test_a_delegate_who_wrote_it_cannot_sign_it(minh):
    author = factories.user("author", Role.EDITOR)
    lend(minh, author)
    with pytest.raises(approval.ApprovalRefused, match="Người soạn không được tự duyệt"):
        factories.approved(factories.submitted(author), author)


def test_an_administrator_alone_makes_nobody_an_approver(minh, thu):
    nam, hoa = factories.user("nam", Role.ADMINISTRATOR), factories.user("hoa", Role.ADMINISTRATOR)
    made = lend(minh, thu, by=nam)
    scope.forget(thu)
    assert not memberships.holds(thu, Role.APPROVER)
    for wrong in (nam, thu):
        with pytest.raises(Refused):
            delegations.confirm(made, wrong)
    signed_in(hoa).post(reverse("users:delegation", args=[made.pk]), {"decision": "confirm"})
    scope.forget(thu)
    assert memberships.holds(thu, Role.APPROVER)
    with pytest.raises(Refused):
        lend(minh, nam, by=nam)


def test_whoever_holds_the_role_may_confirm_what_an_administrator_set_up(minh, thu):
    made = lend(minh, thu, by=factories.user("nam", Role.ADMINISTRATOR))
    delegations.confirm(made, minh)
    scope.forget(thu)
    assert memberships.holds(thu, Role.APPROVER)


def test_an_approvers_delegate_needs_a_second_factor_while_it_holds(minh, thu, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    reviewer = factories.user("hanh", Role.REVIEWER)
    lend(reviewer, thu, role=Role.REVIEWER)
    assert not needs_second_factor(thu)
    made = lend(minh, thu)
    assert needs_second_factor(thu)
    delegations.revoke(made, minh)
    assert not needs_second_factor(thu)


def test_a_delegate_who_has_no_second_factor_signs_nothing(lan, minh, thu, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    state = factories.submitted(lan)
    lend(minh, thu)
    answer = signed_in(thu).get(reverse("editorial:review", args=[state.pk]))
    assert answer.status_code == 302
    assert reverse("signin_setup") in answer.url


def test_the_form(minh, thu):
    url = reverse("users:delegations")
    browser = signed_in(minh)
    today = timezone.localdate()
    data = {
        "membership": role_of(minh).pk,
        "to_user": thu.pk,
        "first": today.isoformat(),
        "last": (today - DAY).isoformat(),
        "reason": "Đi công tác",
    }
    wrong = browser.post(url, data)
    assert wrong.status_code == 422
    assert "Ngày cuối trước ngày đầu" in wrong.content.decode()
    assert 'value="Đi công tác"' in wrong.content.decode()
    assert browser.post(url, {**data, "last": today.isoformat(), "reason": ""}).status_code == 422
    assert not Delegation.objects.exists()
    assert browser.post(url, {**data, "last": today.isoformat()}).status_code == 302
    made = Delegation.objects.get()
    local = timezone.localtime(made.ends_at)
    assert (local.date(), local.hour) == (today + DAY, 0)
    html = browser.get(url).content.decode()
    assert "đang có hiệu lực" in html
    assert "thu" in html
    assert "minh" in signed_in(thu).get(url).content.decode()


def test_the_page_is_not_for_everybody(lan, minh, thu):
    url = reverse("users:delegations")
    made = lend(minh, thu)
    assert signed_in(lan).get(url).status_code in {302, 403}
    for decision in ("revoke", "confirm"):
        answer = signed_in(lan).post(reverse("users:delegation", args=[made.pk]), {"decision": decision})
        assert answer.status_code == 404
    made.refresh_from_db()
    assert made.revoked_at is None


@pytest.mark.parametrize(("begins", "ends"), [(1, 1), (2, 1), (-3, -1), (0, 200)])
def test_periods_that_make_no_sense(minh, thu, begins, ends):
    with pytest.raises(Refused):
        lend(minh, thu, begins, ends)


def test_the_database_refuses_what_the_rules_forbid(minh, thu):
    made = lend(minh, thu)
    for change in ({"to_user": minh}, {"ends_at": made.begins_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=made.pk).update(**change)


def test_letters_reach_the_delegate(lan, minh, thu):
    lend(minh, thu)
    factories.submitted(lan, severity="caution")
    assert {address for letter in mail.outbox for address in letter.to} == {minh.email, thu.email}
