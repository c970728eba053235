"""The approval step of the workflow."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from wagtail.models import AbstractGroupApprovalTask, Page, TaskState

from cms.editorial.forms import ReturnForm


class ApprovalTask(AbstractGroupApprovalTask):
    """A named approver signs exactly what will be published, or returns it with a reason.

    Signing happens on the review page only (approval.py): Wagtail's own approve buttons, which neither show
    the payloads nor know who wrote them, are not offered and refused when forged.
    """

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Members of the chosen groups sign what will be published; authors cannot approve their own work"
        )

    def may_decide(self, user: Any) -> bool:
        """True for an active member of the task's groups; being a superuser is not enough."""
        return bool(user.is_active and self.groups.filter(pk__in=user.groups.values("pk")).exists())

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return self.may_decide(user)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        # What an approver is reading must not change under their eyes; cancelling the submission unlocks it.
        return not self.may_decide(user)

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        return False

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        return [("reject", _("Return for changes"), True)] if self.may_decide(user) else []

    def get_form_for_action(self, action: str) -> type[ReturnForm]:
        return ReturnForm

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if not self.may_decide(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        from cms.editorial import approval

        if action_name != "reject":
            raise PermissionDenied(
                _("Approve on the review page, where you see what each channel will receive.")
            )
        return approval.return_for_changes(task_state, user, kwargs.get("comment", ""))
