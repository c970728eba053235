"""What waits for a decision, newest first, and what came back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from cms.editorial.models import ApprovalTask
from scam_warnings.models import ScamWarningPage


def waiting_for(user: Any) -> list[TaskState]:
    """The task states ``user`` may decide on, urgent warnings first, then oldest first."""
    found: list[TaskState] = []
    for task in ApprovalTask.objects.filter(active=True):
        states = task.get_task_states_user_can_moderate(user).select_related("revision__user", "workflow_state")
        found.extend(state for state in states if isinstance(state.workflow_state.content_object, ScamWarningPage))
    return sorted(
        found, key=lambda state: (state.workflow_state.content_object.severity != "urgent", state.started_at)
    )


class WaitingPanel(Component):
    """The approver's queue on the start page of the admin."""

    name = "waiting_for_approval"
    template_name = "editorial/waiting_panel.html"
    order = 110

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context) or {}
        user = parent_context["request"].user
        context["may_decide"] = any(task.may_decide(user) for task in ApprovalTask.objects.filter(active=True))
        context["states"] = waiting_for(user) if context["may_decide"] else []
        context["heading"] = _("Waiting for your approval")
        return context
