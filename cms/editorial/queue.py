"""What waits for a decision."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from cms.editorial.models import ApprovalTask
from scam_warnings.enums import Severity
from scam_warnings.models import ScamWarningPage


@dataclass(frozen=True, slots=True)
class Waiting:
    """One warning that waits for a decision."""

    task_state: TaskState
    page: ScamWarningPage
    submitted_by: Any


def waiting_for(user: Any) -> list[Waiting]:
    """What ``user`` may decide on: urgent warnings first, then the longest waiting."""
    states: list[TaskState] = []
    for task in ApprovalTask.objects.filter(active=True):
        states += task.get_task_states_user_can_moderate(user).select_related("workflow_state__requested_by")
    pages = ScamWarningPage.objects.in_bulk([int(state.workflow_state.object_id) for state in states])
    found = [
        Waiting(state, pages[int(state.workflow_state.object_id)], state.workflow_state.requested_by)
        for state in states
        if int(state.workflow_state.object_id) in pages
    ]
    return sorted(found, key=lambda item: (item.page.severity != Severity.URGENT, item.task_state.started_at))


class WaitingPanel(Component):
    """The approver's queue on the start page of the admin."""

    name = "waiting_for_approval"
    template_name = "editorial/waiting_panel.html"
    order = 110

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context) or {}
        user = parent_context["request"].user
        context["may_decide"] = any(
            task.may_decide(user) for task in ApprovalTask.objects.filter(active=True)
        )
        context["waiting"] = waiting_for(user) if context["may_decide"] else []
        context["heading"] = _("Waiting for your approval")
        return context
