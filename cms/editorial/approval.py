"""Signing and returning: the only two ends of an approval.

Wagtail lets submitters approve their own pages, publishes the latest revision instead of the approved one,
and lets superusers skip the workflow. None of that is reachable here: a release is made from the revision
whose seal the approver's page showed, by somebody who wrote none of it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowState

from cms.editorial.forms import DECLARATION
from publishers.models import Release
from publishers.sealing import DraftRelease, draft_release
from publishers.signing import seal_release
from scam_warnings.gates import require_complete
from scam_warnings.models import ScamWarningPage


class ApprovalRefused(PermissionDenied):
    """This approval cannot happen; the message says why and what to do."""


class ContentChanged(ApprovalRefused):
    """The item is no longer what the approver looked at."""


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


def under_review(task_state: TaskState) -> DraftRelease:
    """What approving would release now. Raises ApprovalRefused when the item is not waiting for approval."""
    page = _page_waiting_for(task_state)
    return draft_release(page, page.get_latest_revision())


def why_not(task_state: TaskState, user: Any) -> str:
    """Why ``user`` cannot approve this item, for the review page; empty when they can."""
    try:
        _require_may_approve(task_state, _page_waiting_for(task_state), user)
    except ApprovalRefused as refusal:
        return str(refusal)
    return ""


def approve(
    task_state: TaskState, user: Any, *, seen_seal: str, not_secret: bool, dated: datetime | None = None
) -> Release:
    """Sign and release exactly what ``seen_seal`` stands for.

    Raises ContentChanged when anything the seal covers is different now, ApprovalRefused when this user may
    not sign or the item cannot be released. On success release, payloads, deliveries, workflow and log entry
    are written in one transaction; the queue is told after it. ``dated`` sets the signature back, for demo content.
    """
    if not not_secret:
        raise ApprovalRefused(_("Confirm that the content is not a state secret before you approve."))
    # Renders the pictures before the transaction, which must stay short.
    under_review(task_state)
    with transaction.atomic():
        page = _page_waiting_for(task_state)
        # Two approvers pressing at once queue up here.
        Page.objects.select_for_update().get(pk=page.pk)
        state = TaskState.objects.select_for_update().get(pk=task_state.pk).specific
        page = _page_waiting_for(state)
        user = get_user_model().objects.get(pk=user.pk)
        _require_may_approve(state, page, user)
        revision = page.get_latest_revision()
        if page.releases.filter(revision=revision).exists():
            raise ApprovalRefused(_("This version was approved and released already."))
        draft = draft_release(page, revision)
        if draft.seal != seen_seal:
            raise ContentChanged(
                _("The warning was changed after you opened this page. Read it again, then decide.")
            )
        if draft.problems:
            raise ApprovalRefused(" ".join(draft.problems))
        state.revision = revision
        state.save(update_fields=["revision"])
        state.approve(user=user)
        state.workflow_state.refresh_from_db()
        if state.workflow_state.status != WorkflowState.STATUS_APPROVED:
            raise ApprovalRefused(_("The workflow has a step after approval; approval must be the last one."))
        with override(settings.LANGUAGE_CODE):
            declaration = str(DECLARATION)
        release = seal_release(draft, approver=user, declaration=declaration, sealed_at=dated)
        log(
            instance=page,
            action="keng.approve",
            user=user,
            revision=revision,
            data={"reference": release.reference, "seal": release.seal},
        )
    return release


def return_for_changes(task_state: TaskState, user: Any, reason: str) -> None:
    """Give the item back to its author. Raises ApprovalRefused without the right or a reason."""
    reason = reason.strip()
    if not reason:
        raise ApprovalRefused(_("Say what has to change, so that the author can mend it."))
    with transaction.atomic():
        state = TaskState.objects.select_for_update().get(pk=task_state.pk).specific
        _page_waiting_for(state)
        if not state.task.specific.may_decide(get_user_model().objects.get(pk=user.pk)):
            raise ApprovalRefused(_("You do not have permission to decide on this item."))
        state.reject(user=user, comment=reason)


def submit(page: ScamWarningPage, user: Any) -> TaskState:
    """Submit the latest revision for approval, under the rules of the editor's form.

    Raises ValidationError when something required is missing, ApprovalRefused when ``user`` may not submit.
    """
    page = ScamWarningPage.objects.get(pk=page.pk)
    content: ScamWarningPage = page.get_latest_revision_as_object()
    tester = page.permissions_for_user(user)
    if not tester.can_edit():
        raise ApprovalRefused(_("You do not have permission to edit this warning."))
    if page.releases.filter(revision_id=page.latest_revision_id).exists():
        raise ApprovalRefused(
            _("Nothing was changed since this warning was last approved. Change it, then submit it.")
        )
    if page.workflow_in_progress:
        raise ApprovalRefused(_("The warning already waits for approval."))
    require_complete(content)
    workflow = page.get_workflow()
    if workflow is None:
        raise ApprovalRefused(_("No workflow is set up for warnings."))
    return workflow.start(page, user).current_task_state


def _page_waiting_for(task_state: TaskState) -> ScamWarningPage:
    # Loaded anew: what another request decided meanwhile must show here.
    page = ScamWarningPage.objects.filter(pk=task_state.workflow_state.object_id).first()
    current = page.current_workflow_task_state if page is not None else None
    if current is None or current.pk != task_state.pk or current.status != TaskState.STATUS_IN_PROGRESS:
        raise ApprovalRefused(
            _(
                "This warning is not waiting for your decision any more: somebody decided already or took it back."
            )
        )
    return page


def _require_may_approve(task_state: TaskState, page: ScamWarningPage, user: Any) -> None:
    task = task_state.task.specific
    if not hasattr(task, "may_decide") or not task.may_decide(user):
        raise ApprovalRefused(_("You do not have permission to decide on this item."))
    if user.pk in authors_since_last_release(page):
        raise ApprovalRefused(
            _("You wrote part of this warning, so you cannot approve it. Ask another approver to decide.")
        )
