"""Four eyes, and more: author, submitter, reviewer, approver and follow-up reviewer are different people.

Whoever acts in another's place counts as both: an approver cannot have signed for them what they wrote.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail.models import Revision, TaskState

from cms.editorial.stages.lanes import upwards
from cms.editorial.stages.reviews import reviewers_of, reviewers_since_last_release
from cms.users import delegations
from cms.users.models import Delegation, Membership
from publishers.models import Release
from scam_warnings.models import ScamWarningPage


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which capacity somebody acts: by their own role, or in another's place."""

    user: Any
    delegation: Delegation | None = None

    @property
    def principal(self) -> Any:
        """Whose right it is, if not their own."""
        return self.delegation.membership.user if self.delegation is not None else None

    @property
    def people(self) -> set[int]:
        """Everybody who stands behind the act."""
        return {self.user.pk} | ({self.principal.pk} if self.delegation is not None else set())

    @property
    def described(self) -> dict[str, Any] | None:
        """Whose right was exercised, for the record; None for one's own."""
        return delegations.described(self.delegation) if self.delegation is not None else None

    @property
    def noted(self) -> dict[str, str]:
        """The same in one word, for the details of an entry in the log; nothing for one's own right."""
        told = self.described
        return {"on_behalf_of": told["name"] or told["login"]} if told else {}


def authors_since_last_release(page: ScamWarningPage) -> set[int]:
    """Ids of everybody who wrote any part of ``page`` since it was last approved."""
    contributions = page.contributions.all()
    revisions = Revision.objects.for_instance(page)
    latest = page.releases.order_by("-number").first()
    if latest is not None:
        contributions = contributions.filter(latest_at__gt=latest.revision.created_at)
        revisions = revisions.filter(created_at__gt=latest.revision.created_at)
    authors = set(contributions.values_list("user_id", flat=True))
    authors |= set(revisions.values_list("user_id", flat=True))
    return authors - {None}


def submitter_of(task_state: TaskState) -> set[int]:
    """Whoever submitted this round: they declared it, and four eyes are two people."""
    return {task_state.workflow_state.requested_by_id} - {None}


def touched(task_state: TaskState, page: ScamWarningPage) -> set[int]:
    """Everybody who had a hand in the item since its last release; none of them approves it."""
    before = authors_since_last_release(page) | submitter_of(task_state)
    return before | reviewers_since_last_release(page)


def behind(release: Release) -> set[int]:
    """Everybody who wrote, submitted or reviewed what ``release`` seals; its approver is not one of them.

    Whoever wrote only what came after it counts too: of a person's contributions the last is kept.
    """
    page = release.page
    before = page.releases.filter(number__lt=release.number).order_by("-number")
    last = before.first()
    contributions = page.contributions.all()
    revisions = Revision.objects.for_instance(page).filter(created_at__lte=release.revision.created_at)
    if last is not None:
        contributions = contributions.filter(latest_at__gt=last.revision.created_at)
        revisions = revisions.filter(created_at__gt=last.revision.created_at)
    rounds = TaskState.objects.filter(revision=release.revision)
    people = set(contributions.values_list("user_id", flat=True))
    people |= set(revisions.values_list("user_id", flat=True))
    people |= set(rounds.values_list("workflow_state__requested_by", flat=True))
    return (people | reviewers_of(release)) - {None}


@dataclass(frozen=True, slots=True)
class Rights:
    """Where somebody holds some roles by themselves, and which others lent them."""

    user: Any
    own: frozenset[int]
    lent: tuple[Delegation, ...]

    def over(self, places: list[int], barred: set[int]) -> Capacity | None:
        """How they may act over a unit, given with all above it, without anybody of ``barred`` behind the act."""
        if self.user.pk in barred:
            return None
        if self.own.intersection(places):
            return Capacity(self.user)
        for row in self.lent:
            if row.membership.unit_id in places and row.membership.user_id not in barred:
                return Capacity(self.user, row)
        return None


def rights_of(user: Any, roles: list[str]) -> Rights:
    """What ``user`` holds and exercises of ``roles`` now."""
    own = Membership.objects.filter(user_id=user.pk, ended_at__isnull=True, role__in=roles)
    lent = delegations.of(user, timezone.now(), *roles)
    return Rights(user, frozenset(own.values_list("unit_id", flat=True)), tuple(lent))


def capacity(user: Any, roles: list[str], unit_id: int | None, barred: set[int]) -> Capacity | None:
    """How ``user`` may act over the unit without anybody of ``barred`` behind the act; None when they may not."""
    return rights_of(user, roles).over(upwards(unit_id), barred)


def obstacle(task_state: TaskState, page: ScamWarningPage, user: Any) -> str:
    """Why ``user``, who holds the stage's role, has to leave this item to others; empty when they need not."""
    signs = task_state.task.specific.signs
    if user.pk in authors_since_last_release(page):
        if signs:
            return _(
                "You wrote part of this warning, so you cannot approve it. Ask another approver to decide."
            )
        return _("You wrote part of this warning, so you cannot review it. Ask another reviewer.")
    if user.pk in submitter_of(task_state):
        return _("You submitted this warning, so another person decides on it.")
    if signs and user.pk in reviewers_since_last_release(page):
        return _("You reviewed this warning, so you cannot approve it. Ask another approver to decide.")
    barred = barred_from(task_state, page)
    if capacity(user, task_state.task.specific.roles(), page.unit_id, barred) is None:
        return _(
            "The person you stand in for wrote, submitted or reviewed this warning. Ask somebody else to decide."
        )
    return ""


def barred_from(task_state: TaskState, page: ScamWarningPage) -> set[int]:
    """Who may not act at this stage."""
    if task_state.task.specific.signs:
        return touched(task_state, page)
    return authors_since_last_release(page) | submitter_of(task_state)
