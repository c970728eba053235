"""What a person is writing: returned first, then drafts, then what waits for somebody else's decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from wagtail.models import WorkflowState, get_default_page_content_type

from cms.editorial.deadlines import ApprovalDeadlines, Term, term
from cms.editorial.home.panel import DeskPanel
from cms.editorial.queue import severity_of
from cms.editorial.rejection import Rejection
from cms.editorial.stages.lanes import Stages, stages_of
from cms.users import scope
from publishers.models import Release
from scam_warnings.enums import Severity
from scam_warnings.models import ScamWarningPage

MOST: Final = 50
REFUSALS_SHOWN: Final = timedelta(days=30)
SHOWN: Final = 8
"""Drafts on the start page; the list of warnings has the rest."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A version somebody wrote that is not approved yet."""

    page: ScamWarningPage
    severity: Severity
    changed_at: datetime
    status: str
    """draft, returned, rejected or submitted."""
    reason: str = ""
    decided_by: Any = None
    decided_at: datetime | None = None
    term: Term | None = None
    call_url: str = ""
    """Where the approvers of an item in the urgent lane are called."""

    @property
    def title(self) -> str:
        """Of the version at hand."""
        return self.page.draft_title or self.page.title

    @property
    def url(self) -> str:
        """Where it is edited."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


class WrittenPanel(DeskPanel):
    """The author's returned items with the reason, drafts, and what waits for others."""

    name = "written_by_me"
    template_name = "editorial/home/written.html"
    order = 120

    def is_shown(self) -> bool:
        return self.desk.index is not None

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        by_status: dict[str, list[Mine]] = {"rejected": [], "returned": [], "draft": [], "submitted": []}
        for item in self.desk.written:
            by_status[item.status].append(item)
        drafts = by_status["draft"]
        return {
            "desk": self.desk,
            **by_status,
            "draft": drafts[:SHOWN],
            "more": max(0, len(drafts) - SHOWN),
        }


def written_by(user: Any) -> list[Mine]:
    """Everything ``user`` wrote on since its last approval, the latest change first, at most MOST."""
    approved = Release.objects.filter(page=OuterRef("pk")).order_by("-number")
    pages = (
        ScamWarningPage.objects.annotate(
            approved_at=Subquery(approved.values("revision__created_at")[:1]),
        )
        .filter(
            Q(approved_at=None) | Q(contributions__latest_at__gt=F("approved_at")), contributions__user=user
        )
        .exclude(Exists(Release.objects.filter(revision=OuterRef("latest_revision"))))
        .select_related("latest_revision")
        .order_by("-latest_revision_created_at", "-pk")
    )
    # Whoever left a unit has no hand in its warnings any more.
    found = list(scope.visible(pages, user)[:MOST])
    states = _rounds(found)
    rules = ApprovalDeadlines.load() if states else None
    refusals = {row.revision_id: row for row in _refusals(found)}
    return [
        _rejected(page, refusals[page.latest_revision_id])
        if page.latest_revision_id in refusals
        else _mine(page, states.get(page.pk), rules)
        for page in found
        if not _is_past(refusals.get(page.latest_revision_id))
    ]


def _rounds(pages: list[ScamWarningPage]) -> dict[int, WorkflowState]:
    rows = WorkflowState.objects.active().filter(
        base_content_type=get_default_page_content_type(), object_id__in=[str(page.pk) for page in pages]
    )
    return {
        int(row.object_id): row
        for row in rows.select_related("current_task_state__finished_by", "workflow__lane")
    }


def _refusals(pages: list[ScamWarningPage]) -> QuerySet[Rejection]:
    revisions = [page.latest_revision_id for page in pages]
    return Rejection.objects.filter(revision__in=revisions).select_related("rejected_by")


def _is_past(refusal: Rejection | None) -> bool:
    return refusal is not None and timezone.now() - refusal.rejected_at > REFUSALS_SHOWN


def _rejected(page: ScamWarningPage, refusal: Rejection) -> Mine:
    return Mine(
        page,
        severity_of(page),
        page.latest_revision_created_at,
        "rejected",
        reason=refusal.reason,
        decided_by=refusal.rejected_by,
        decided_at=refusal.rejected_at,
    )


def _mine(page: ScamWarningPage, state: WorkflowState | None, rules: ApprovalDeadlines | None) -> Mine:
    severity = severity_of(page)
    changed_at = page.latest_revision_created_at
    task_state = state.current_task_state if state is not None else None
    if state is None or task_state is None or rules is None:
        return Mine(page, severity, changed_at, "draft")
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Mine(
            page,
            severity,
            changed_at,
            "returned",
            reason=task_state.comment,
            decided_by=task_state.finished_by,
            decided_at=task_state.finished_at,
        )
    urgent = stages_of(state) == Stages.URGENT
    return Mine(
        page,
        severity,
        changed_at,
        "submitted",
        term=term(severity, task_state.started_at, rules),
        call_url=reverse("editorial:urgent_call", args=[task_state.pk]) if urgent else "",
    )
