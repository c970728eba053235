"""What waits for a decision."""

from dataclasses import dataclass
from typing import Any, Final

from wagtail.models import TaskState

from cms.editorial.deadlines import ApprovalDeadlines, Term, term
from cms.editorial.models import deciding_tasks
from cms.editorial.stages.lanes import Lane, Stages
from cms.users import scope
from scam_warnings.enums import Severity
from scam_warnings.models import ScamWarningPage

_DECIDES: Final = "_decides_over"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One warning that waits for a decision."""

    task_state: TaskState
    page: ScamWarningPage
    submitted_by: Any
    severity: Severity
    """Of the version that waits; the page's own row may still hold the one before."""
    term: Term
    signs: bool = True
    """Whether the decision releases it; otherwise it is reviewed, and goes on to the approver."""
    in_urgent_lane: bool = False

    @property
    def title(self) -> str:
        """Of the version that waits."""
        return self.page.draft_title or self.page.title


def waiting_for(user: Any) -> list[Waiting]:
    """What ``user`` may decide on: urgent warnings first, then by deadline."""
    states: list[TaskState] = []
    for task in deciding_tasks():
        states += task.get_task_states_user_can_moderate(user).select_related("workflow_state__requested_by")
    return _waiting(states)


def everything_waiting() -> list[Waiting]:
    """What anybody may decide on, in the same order."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, task__in=[task.pk for task in deciding_tasks()]
    )
    return _waiting(list(states.select_related("workflow_state__requested_by")))


def decides(user: Any) -> bool:
    """Whether ``user`` decides on anything at all."""
    return any(task.may_decide(user) for task in deciding_tasks())


def decides_over(user: Any) -> scope.Reach:
    """The units on whose warnings ``user`` decides; read once for a request."""
    # Asked for every row of a listing; one request has one user object.
    if not hasattr(user, _DECIDES):
        roles = {role for task in deciding_tasks() for role in task.roles()}
        setattr(user, _DECIDES, scope.held(user, *roles) if roles else scope.NOTHING)
    found: scope.Reach = getattr(user, _DECIDES)
    return found


def severity_of(page: ScamWarningPage) -> Severity:
    """The severity of the latest version of ``page``, whose latest revision should be loaded."""
    revision = page.latest_revision
    known = revision.content.get("severity") if revision is not None else None
    return Severity(known) if known in Severity.values else Severity(page.severity)


def _waiting(states: list[TaskState]) -> list[Waiting]:
    if not states:
        return []
    rules = ApprovalDeadlines.load()
    signing = {task.pk for task in deciding_tasks() if task.signs}
    urgent = set(Lane.objects.filter(stages=Stages.URGENT).values_list("workflow_id", flat=True))
    pages = ScamWarningPage.objects.select_related("latest_revision").in_bulk(
        [int(state.workflow_state.object_id) for state in states]
    )
    found = []
    for state in states:
        page = pages.get(int(state.workflow_state.object_id))
        if page is not None:
            severity = severity_of(page)
            found.append(
                Waiting(
                    state,
                    page,
                    state.workflow_state.requested_by,
                    severity,
                    term(severity, state.started_at, rules),
                    state.task_id in signing,
                    state.workflow_state.workflow_id in urgent,
                )
            )
    return sorted(found, key=lambda item: (item.severity != Severity.URGENT, item.term.due))
