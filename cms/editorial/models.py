"""The steps of the workflows, and what stands beside them."""

from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from wagtail.models import AbstractGroupApprovalTask, Page, TaskState

from cms.editorial.content_review import ContentReview
from cms.editorial.deadlines import ApprovalDeadlines
from cms.editorial.declarations import SecrecyDeclaration
from cms.editorial.forms import ReturnForm
from cms.editorial.letters import SentLetter
from cms.editorial.rejection import Rejection
from cms.editorial.stages.follow_ups import FollowUp
from cms.editorial.stages.lanes import ApprovalPath, Lane
from cms.editorial.stages.reviews import Review
from cms.users import memberships, scope
from cms.users.roles import Role
from scam_warnings.models import ScamWarningPage

__all__ = [
    "ApprovalDeadlines",
    "ApprovalPath",
    "ApprovalTask",
    "ContentReview",
    "FollowUp",
    "Lane",
    "Rejection",
    "Review",
    "ReviewTask",
    "SecrecyDeclaration",
    "SentLetter",
]


class DecisionTask(AbstractGroupApprovalTask):
    """A step in which a named person decides on exactly what the review page shows.

    Deciding happens on the review page only (approval.py): Wagtail's own approve buttons, which neither show
    the payloads nor know who wrote them, are not offered and refused when forged.
    """

    signs: ClassVar[bool] = False
    """Whether passing this step releases the item."""

    class Meta:
        abstract = True

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Begin the step. Raises GatesClosed, whatever started the workflow, while a gate is not done, while an
        earlier stage is missing, and on another path than the settings ask for."""
        from cms.editorial import gatekeeping

        gatekeeping.require_ready(int(workflow_state.object_id))
        gatekeeping.require_stage(workflow_state, signs=self.signs)
        return super().start(workflow_state, user=user)

    def roles(self) -> list[str]:
        """The roles that decide in this step."""
        return [name for name in self.groups.values_list("name", flat=True) if name in Role.values]

    def may_decide(self, user: Any, page: Page | None = None) -> bool:
        """True for who holds the role of one of the task's groups; being a superuser is not enough.

        With ``page``: holds it in the unit the warning belongs to, or in one above.
        """
        reach = self._reach(user)
        if page is None:
            return reach.everything or bool(reach.units)
        return reach.covers(getattr(page.specific, "unit_id", None))

    def deciders(self, page: ScamWarningPage, now: datetime | None = None) -> QuerySet[Any]:
        """The active people whose role, or whose delegation, covers ``page`` at ``now``, by default this moment."""
        return memberships.people_over(page.unit_id, *self.roles(), now=now)

    def _reach(self, user: Any) -> scope.Reach:
        roles = self.roles()
        return scope.held(user, *roles) if roles else scope.NOTHING

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return self.may_decide(user, obj)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        # Also for who decides: what is being read must not change. Returning it, or taking it back, unlocks it.
        return True

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        return False

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        return [("reject", _("Return for changes"), True)] if self.may_decide(user, obj) else []

    def get_form_for_action(self, action: str) -> type[ReturnForm]:
        return ReturnForm

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        reach = self._reach(user)
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        if reach.everything:
            return states
        mine = ScamWarningPage.objects.filter(unit__in=reach.units).annotate(key=Cast("pk", CharField()))
        return states.filter(workflow_state__object_id__in=mine.values("key"))

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        from cms.editorial import approval

        if action_name != "reject":
            raise PermissionDenied(
                _("Approve on the review page, where you see what each channel will receive.")
            )
        return approval.return_for_changes(task_state, user, kwargs.get("comment", ""))


class ApprovalTask(DecisionTask):
    """A named approver signs exactly what will be published, or returns it with a reason."""

    signs = True

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Members of the chosen groups sign what will be published; authors cannot approve their own work"
        )


class ReviewTask(DecisionTask):
    """«Thẩm định»: a reviewer reads exactly what would go out and passes it on to the approver, or returns it."""

    class Meta:
        verbose_name = _("review before approval")
        verbose_name_plural = _("reviews before approval")

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups check an item before it goes to the approver")


def deciding_tasks() -> list[DecisionTask]:
    """Every step in use, reviews first."""
    return [*ReviewTask.objects.filter(active=True), *ApprovalTask.objects.filter(active=True)]
