"""«Hậu kiểm»: what went out by the urgent lane is looked at again within a day, by a third person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from wagtail.log_actions import log

from cms.editorial.stages.chain import Capacity, capacity, rights_of
from cms.editorial.stages.lanes import upwards
from cms.users.roles import Role
from publishers import clock, scheduling
from publishers.models import Release, Schedule

WITHIN: Final = timedelta(hours=24)
ROLES: Final = (Role.REVIEWER.value, Role.APPROVER.value)
"""Who does it: anybody who reviews or approves in the unit and had no hand in the item."""


class FollowUp(models.Model):
    """One look back, open until somebody has done it."""

    class Outcome(models.TextChoices):
        """What came out."""

        ACCEPTED = "accepted", gettext_lazy("Accepted")
        CORRECTION = "correction", gettext_lazy("A correction is needed")
        WITHDRAWAL = "withdrawal", gettext_lazy("It has to be withdrawn")

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="follow_up")
    due_at = models.DateTimeField(db_index=True)
    involved = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    """Whoever wrote, submitted, reviewed or approved the version: none of them does it."""
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return str(self.release)

    @property
    def title(self) -> str:
        """Of the version that went out."""
        return str(self.release.snapshot.get("title", ""))


class FollowUpRefused(Exception):
    """The message says why and what to do."""


def open_for(release: Release, involved: Iterable[int]) -> FollowUp:
    """Ask for the follow-up of ``release``, in the transaction of its signature."""
    made = FollowUp.objects.create(release=release, due_at=release.sealed_at + WITHIN)
    made.involved.set(involved)
    return made


def still_open() -> QuerySet[FollowUp]:
    """What nobody has looked at yet, the most pressing first.

    What was withdrawn meanwhile is left out, and what was signed for a time that never came.
    """
    later = Release.objects.filter(page=OuterRef("release__page"), number__gt=OuterRef("release__number"))
    withdrawn = later.filter(kind=Release.Kind.WITHDRAWAL)
    rows = _not_given_up().filter(~Exists(withdrawn), done_at__isnull=True)
    return rows.select_related("release__page__unit", "release__approved_by")


def unresolved() -> QuerySet[FollowUp]:
    """Those that asked for a correction or withdrawal which has not come yet, the oldest first."""
    later = Release.objects.filter(page=OuterRef("release__page"), number__gt=OuterRef("release__number"))
    rows = _not_given_up().filter(~Exists(later), done_at__isnull=False)
    rows = rows.exclude(outcome=FollowUp.Outcome.ACCEPTED).order_by("done_at", "pk")
    return rows.select_related("release__page", "done_by")


def _not_given_up() -> QuerySet[FollowUp]:
    given_up = (Schedule.State.CANCELLED, Schedule.State.SUPERSEDED)
    schedules = Schedule.objects.filter(release=OuterRef("release"), state__in=given_up)
    return FollowUp.objects.filter(~Exists(schedules))


def is_held(follow_up: FollowUp) -> bool:
    """Whether the release still waits for its time of publication: then there is nothing to withdraw, only to stop."""
    return bool(scheduling.of_releases([follow_up.release_id]))


def to_do_for(user: Any) -> list[FollowUp]:
    """The open ones ``user`` may do, in as many queries for many as for one."""
    rows = list(still_open().exclude(involved=user.pk).prefetch_related("involved"))
    if not rows:
        return []
    rights, province = rights_of(user, list(ROLES)), upwards(None)
    return [
        row
        for row in rows
        if rights.over(_places(row) or province, {person.pk for person in row.involved.all()})
    ]


def _places(row: FollowUp) -> list[int]:
    unit = row.release.page.unit
    return [int(part) for part in unit.path.split("/") if part] if unit is not None else []


def capacity_of(follow_up: FollowUp, user: Any) -> Capacity | None:
    """How ``user`` may do it; None when they may not."""
    involved = set(follow_up.involved.values_list("pk", flat=True))
    return capacity(user, list(ROLES), follow_up.release.page.unit_id, involved)


def why_not(follow_up: FollowUp, user: Any) -> str:
    """Why ``user`` cannot do it; empty when they can."""
    if follow_up.done_at is not None:
        return _("Somebody did this follow-up review already.")
    if follow_up.involved.filter(pk=user.pk).exists():
        return _("You had a hand in this warning, so a third person does the follow-up review.")
    if capacity_of(follow_up, user) is None:
        return _("You do not have permission to do this follow-up review.")
    return ""


def finish(follow_up: FollowUp, user: Any, outcome: str, note: str = "") -> FollowUp:
    """Write down what came out. Raises FollowUpRefused without the right to, or without a reason for more than
    accepting."""
    note = note.strip()
    if outcome != FollowUp.Outcome.ACCEPTED and not note:
        raise FollowUpRefused(_("Say what is wrong, so that it can be mended."))
    with transaction.atomic():
        held = (
            FollowUp.objects.select_for_update(of=("self",))
            .select_related("release__page")
            .get(pk=follow_up.pk)
        )
        user = get_user_model().objects.get(pk=user.pk)
        obstacle = why_not(held, user)
        acting = capacity_of(held, user)
        if obstacle or acting is None:
            raise FollowUpRefused(obstacle)
        held.outcome, held.note = FollowUp.Outcome(outcome), note
        held.done_by, held.on_behalf_of, held.done_at = user, acting.principal, clock.now()
        held.save(update_fields=["outcome", "note", "done_by", "on_behalf_of", "done_at"])
        log(
            instance=held.release.page,
            action="keng.follow_up",
            user=user,
            data={"reference": held.release.reference, "outcome": _in_words(outcome), "reason": note}
            | acting.noted,
        )
    return held


def _in_words(outcome: str) -> str:
    with override(settings.LANGUAGE_CODE):
        return str(FollowUp.Outcome(outcome).label)


def is_overdue(follow_up: FollowUp, now: datetime) -> bool:
    """Whether it should have been done by ``now``."""
    return follow_up.done_at is None and now >= follow_up.due_at
