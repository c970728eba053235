"""Random people doing random things in random order: nobody is ever two of author, reviewer, approver, follow-up."""

import random
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cms.editorial import approval
from cms.editorial.declarations import content_hash
from cms.editorial.models import FollowUp, Review
from cms.editorial.stages import follow_ups
from cms.editorial.stages.lanes import ApprovalPath
from cms.users import delegations, units
from cms.users.models import Membership
from cms.users.roles import Role
from publishers.models import Release
from scam_warnings.models import Contribution, ScamWarningPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

# Everybody may do everything, so that only the rules keep them apart.
EVERYTHING = (Role.EDITOR, Role.REVIEWER, Role.APPROVER)
PEOPLE = range(6)
ACTS = (
    *("submit", "pass", "approve") * 4,
    *("follow_up", "lend") * 2,
    *("edit", "return", "take_back", "path"),
)
severities = st.sampled_from(["caution", "urgent"])


class World:
    """One warning and six people, two of whom only write."""

    def __init__(self, severity):
        self.people = [factories.user(f"p{number}", *EVERYTHING) for number in range(4)]
        self.people += [factories.user(f"p{number}", Role.EDITOR) for number in (4, 5)]
        self.page = factories.warning(self.people[4], severity=severity)
        self.path = ApprovalPath.objects.create(unit=units.province(), severity=severity, stages="two")
        self.severity, self.words = severity, 0
        self.signed = []

    @property
    def waiting(self):
        return ScamWarningPage.objects.get().current_workflow_task_state

    def do(self, act, who, other):
        """One act by one person; a refusal is an answer too."""
        try:
            getattr(self, f"_{act}")(self.people[who], self.people[other])
        except (PermissionDenied, follow_ups.FollowUpRefused):
            return

    def _edit(self, user, _):
        page = ScamWarningPage.objects.get()
        self.words += 1
        draft = page.get_latest_revision_as_object()
        draft.summary = f"Lời thứ {self.words}."
        draft.save_revision(user=user)

    def _submit(self, user, _):
        approval.submit(ScamWarningPage.objects.get(), user, not_secret=True)

    def _pass(self, user, _):
        if self.waiting is not None:
            approval.pass_on(self.waiting, user, seen_seal=approval.under_review(self.waiting).seal)

    def _approve(self, user, _):
        state = self.waiting
        if state is None:
            return
        before = self._hands(state)
        seal = approval.under_review(state).seal
        release = approval.approve(state, user, seen_seal=seal, not_secret=True)
        self.signed.append((release, before))

    def _return(self, user, _):
        if self.waiting is not None:
            approval.return_for_changes(self.waiting, user, "Thêm nguồn.")

    def _follow_up(self, user, _):
        row = FollowUp.objects.filter(done_at__isnull=True).first()
        if row is not None:
            follow_ups.finish(row, user, "accepted")

    def _lend(self, user, other):
        role = Membership.objects.filter(user=user, role__in=delegations.DELEGABLE).order_by("role").first()
        if role is not None:
            now = timezone.now()
            delegations.delegate(
                role, other, user, begins_at=now, ends_at=now + timedelta(days=1), reason="Đi công tác"
            )

    def _take_back(self, user, _):
        for row in delegations.of(user, timezone.now()):
            delegations.revoke(row, user)

    def _path(self, user, other):
        stages = {True: "two", False: "urgent"}[user.pk % 2 == other.pk % 2]
        ApprovalPath.objects.filter(pk=self.path.pk).update(stages=stages)

    def _hands(self, state):
        """Who wrote, who submitted, who stands behind the review of these words, as the rows tell it."""
        page = ScamWarningPage.objects.get()
        last = page.releases.order_by("-number").first()
        wrote = Contribution.objects.filter(page=page)
        if last is not None:
            wrote = wrote.filter(latest_at__gt=last.revision.created_at)
        reviews = Review.objects.filter(
            workflow_state=state.workflow_state, content_hash=content_hash(page.get_latest_revision())
        )
        behind = {pk for row in reviews for pk in (row.reviewer_id, row.on_behalf_of_id) if pk}
        two = state.workflow_state.workflow.lane.stages == "two"
        return set(wrote.values_list("user", flat=True)), state.workflow_state.requested_by_id, behind, two


def principal_of(release):
    told = release.circumstances.get("on_behalf_of")
    return {delegations.Delegation.objects.get(pk=told["delegation"]).membership.user_id} if told else set()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(severity=severities, seed=st.integers(0, 2**32))
def test_nobody_is_two_of_them(severity, seed):
    chance = random.Random(seed)
    with transaction.atomic():
        world = World(severity)
        for _ in range(30):
            world.do(chance.choice(ACTS), chance.choice(PEOPLE), chance.choice(PEOPLE))
        for release, (authors, submitter, reviewers, two) in world.signed:
            approvers = {release.approved_by_id} | principal_of(release)
            assert not approvers & authors
            assert submitter not in approvers
            assert not approvers & reviewers
            assert not reviewers & authors
            assert bool(reviewers) or not two
            row = FollowUp.objects.filter(release=release, done_at__isnull=False).first()
            if row is not None:
                last = {row.done_by_id, row.on_behalf_of_id} - {None}
                assert not last & (approvers | authors | reviewers | {submitter})
        assert Release.objects.count() == len(world.signed)
        event(f"{len(world.signed)} releases")
        transaction.set_rollback(True)


def test_the_way_the_random_ones_should_often_go():
    """That the world above does release something."""
    world = World("caution")
    acts = [("submit", 4, 0), ("pass", 1, 0), ("lend", 2, 5), ("approve", 5, 0), ("approve", 2, 0)]
    for act, who, other in acts:
        world.do(act, who, other)
    [(release, _)] = world.signed
    assert release.approved_by == world.people[5]
    assert principal_of(release) == {world.people[2].pk}
    ApprovalPath.objects.update(stages="urgent")
    for act, who, other in (
        ("edit", 4, 0),
        ("submit", 4, 0),
        ("approve", 1, 0),
        ("follow_up", 1, 0),
        ("follow_up", 2, 0),
    ):
        world.do(act, who, other)
    assert len(world.signed) == 2
    assert FollowUp.objects.get().done_by == world.people[2]
