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
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowState

from cms.editorial.declarations import SecrecyDeclaration, content_hash, declare
from cms.editorial.forms import DECLARATION
from cms.editorial.letters import tell_rejected
from cms.editorial.rejection import Rejection, close, fingerprint, rejected_before
from cms.editorial.stages import chain, follow_ups
from cms.editorial.stages.chain import Capacity, authors_since_last_release
from cms.editorial.stages.lanes import Stages, lane_for, stages_of
from cms.editorial.stages.reviews import Review, review_of
from cms.users import scope
from publishers import clock, scheduling, seals
from publishers.models import Channel, Release
from publishers.refusals import Refused
from publishers.sealing import DraftRelease, draft_release
from publishers.signing import seal_release
from scam_warnings import own_channels
from scam_warnings.gates import require_open
from scam_warnings.models import ScamWarningPage


class ApprovalRefused(PermissionDenied):
    """This approval cannot happen; the message says why and what to do."""


class ContentChanged(ApprovalRefused):
    """The item is no longer what the approver looked at."""


def under_review(task_state: TaskState) -> DraftRelease:
    """What approving would release now. Raises ApprovalRefused when the item is not waiting for approval."""
    page = _page_waiting_for(task_state)
    return draft_release(page, page.get_latest_revision())


def why_not(task_state: TaskState, user: Any) -> str:
    """Why ``user`` cannot pass this item, for the review page; empty when they can."""
    try:
        page = _page_waiting_for(task_state)
        if task_state.task.specific.signs:
            _require_may_approve(task_state, page, user)
        else:
            _require_may_pass(task_state, page, user)
    except ApprovalRefused as refusal:
        return str(refusal)
    return ""


def pass_on(task_state: TaskState, user: Any, *, seen_seal: str, remark: str = "") -> Review:
    """«Chuyển duyệt»: a reviewer passes exactly what ``seen_seal`` stands for on to the approver.

    Raises ContentChanged when it is something else now, ApprovalRefused when this user may not or gaps remain.
    """
    under_review(task_state)
    with transaction.atomic():
        state, page, user = _held(task_state, user)
        capacity = _require_may_pass(state, page, user)
        revision = page.get_latest_revision()
        draft = draft_release(page, revision)
        _require_seen(draft, seen_seal)
        state.revision = revision
        state.save(update_fields=["revision"])
        review = Review.objects.create(
            page=page,
            workflow_state=state.workflow_state,
            revision=revision,
            content_hash=content_hash(revision),
            reviewer=user,
            on_behalf_of=capacity.principal,
            remark=remark.strip(),
            passed_at=clock.now(),
        )
        state.approve(user=user, comment=review.remark)
        log(
            instance=page,
            action="keng.review",
            user=user,
            revision=revision,
            data={"seal": draft.seal, "remark": review.remark} | capacity.noted,
        )
    return review


def approve(
    task_state: TaskState,
    user: Any,
    *,
    seen_seal: str,
    not_secret: bool,
    dated: datetime | None = None,
    publish_at: datetime | None = None,
) -> Release:
    """Sign and release exactly what ``seen_seal`` stands for.

    Raises ContentChanged when anything the seal covers is different now, ApprovalRefused when this user may
    not sign or the item cannot be released. On success release, payloads, deliveries, workflow and log entry
    are written in one transaction; the queue is told after it. ``dated`` sets the signature back, for demo content.
    With ``publish_at`` (aware) nothing of it leaves before that time; a time that has passed is refused.
    """
    if not not_secret:
        raise ApprovalRefused(_("Confirm that the content is not a state secret before you approve."))
    if publish_at is not None:
        try:
            publish_at = scheduling.require_time(publish_at, clock.now())
        except Refused as refusal:
            raise ApprovalRefused(str(refusal)) from None
    # Renders the pictures before the transaction, which must stay short.
    under_review(task_state)
    with transaction.atomic():
        state, page, user = _held(task_state, user)
        capacity = _require_may_approve(state, page, user)
        involved = chain.touched(state, page) | capacity.people
        revision = page.get_latest_revision()
        if page.releases.filter(revision=revision).exists():
            raise ApprovalRefused(_("This version was approved and released already."))
        draft = draft_release(page, revision)
        _require_seen(draft, seen_seal)
        state.revision = revision
        state.save(update_fields=["revision"])
        state.approve(user=user)
        state.workflow_state.refresh_from_db()
        if state.workflow_state.status != WorkflowState.STATUS_APPROVED:
            raise ApprovalRefused(_("The workflow has a step after approval; approval must be the last one."))
        with override(settings.LANGUAGE_CODE):
            declaration = str(DECLARATION)
        declare(page, revision, user, SecrecyDeclaration.Stage.APPROVAL)
        release = seal_release(
            draft,
            approver=user,
            declaration=declaration,
            sealed_at=dated,
            publish_at=publish_at,
            on_behalf_of=capacity.described,
        )
        log(
            instance=page,
            action="keng.approve",
            user=user,
            revision=revision,
            data={
                "reference": release.reference,
                "seal": release.seal,
                "record": seals.record_of(release),
                **({"publish_at": publish_at.isoformat()} if publish_at else {}),
                **capacity.noted,
            },
        )
        # What is dated back was decided long ago.
        if dated is None and stages_of(state.workflow_state) == Stages.URGENT:
            follow_ups.open_for(release, involved)
    return release


def return_for_changes(task_state: TaskState, user: Any, reason: str) -> None:
    """Give the item back to its author. Raises ApprovalRefused without the right or a reason."""
    reason = reason.strip()
    if not reason:
        raise ApprovalRefused(_("Say what has to change, so that the author can mend it."))
    with transaction.atomic():
        state = TaskState.objects.select_for_update().get(pk=task_state.pk).specific
        page = _page_waiting_for(state)
        if not state.task.specific.may_decide(get_user_model().objects.get(pk=user.pk), page):
            raise ApprovalRefused(_("You do not have permission to decide on this item."))
        state.reject(user=user, comment=reason)


def reject(task_state: TaskState, user: Any, reason: str) -> Rejection:
    """Refuse the item for good. Raises ApprovalRefused without the right or a reason."""
    reason = reason.strip()
    if not reason:
        raise ApprovalRefused(_("Say why the warning is not approved: its author reads it."))
    with transaction.atomic():
        state, page, user = _held(task_state, user)
        if not state.task.specific.signs or not state.task.specific.may_decide(user, page):
            raise ApprovalRefused(_("You do not have permission to decide on this item."))
        revision = page.get_latest_revision()
        # Without the workflow's own update: it would give the item back to its author.
        state.reject(user=user, comment=reason, update=False)
        state.workflow_state.refresh_from_db()
        state.workflow_state.cancel(user=user)
        made = Rejection.objects.create(
            page=page,
            revision=revision,
            fingerprint=fingerprint(revision),
            reason=reason,
            rejected_by=user,
            rejected_at=state.finished_at,
        )
        close(page, state.finished_at)
        log(instance=page, action="keng.reject", user=user, revision=revision, data={"reason": reason})
        authors = list(
            get_user_model().objects.filter(pk__in=authors_since_last_release(page), is_active=True)
        )
    for author in authors:
        tell_rejected(author, made)
    return made


def submit(page: ScamWarningPage, user: Any, *, not_secret: bool, seen: str | None = None) -> TaskState:
    """Submit the latest revision for approval: every gate passed, and declared no state secret by ``user``.

    ``seen`` is the hash of the content the person read (``declarations.content_hash``). Raises ValidationError
    by field when a gate is not done, ContentChanged when the content is another one now, ApprovalRefused when
    ``user`` may not submit or did not declare. Declaration and submission are stored together or not at all.
    """
    if not not_secret:
        raise ApprovalRefused(_("Confirm that the content is not a state secret before you submit."))
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=page.pk)
        page = ScamWarningPage.objects.get(pk=page.pk)
        revision = page.get_latest_revision()
        if not page.permissions_for_user(user).can_edit():
            raise ApprovalRefused(_("You do not have permission to edit this warning."))
        if page.releases.filter(revision_id=page.latest_revision_id).exists():
            raise ApprovalRefused(
                _("Nothing was changed since this warning was last approved. Change it, then submit it.")
            )
        if page.workflow_in_progress:
            raise ApprovalRefused(_("The warning already waits for approval."))
        if seen is not None and seen != content_hash(revision):
            raise ContentChanged(
                _("The warning was changed after you opened this page. Read it again, then submit it.")
            )
        _require_not_rejected(revision, user)
        content = revision.as_object()
        require_open(content)
        _require_own_channels(page, content, user)
        declare(page, revision, user, SecrecyDeclaration.Stage.SUBMISSION)
        return _start_workflow(page, revision, user)


def _start_workflow(page: ScamWarningPage, revision: Revision, user: Any) -> TaskState:
    lane = lane_for(page, revision.as_object())
    workflow = lane.workflow if lane is not None else page.get_workflow()
    if workflow is None:
        raise ApprovalRefused(_("No workflow is set up for warnings."))
    returned = page.current_workflow_state
    if returned is not None and returned.status == WorkflowState.STATUS_NEEDS_CHANGES:
        if returned.workflow_id == workflow.pk and _may_resume(returned, revision):
            returned.resume(user)
            return returned.current_task_state
        # Another path, or other words than those that were reviewed: a new round from its first stage.
        returned.cancel(user=user)
    return workflow.start(page, user).current_task_state


def _may_resume(returned: WorkflowState, revision: Revision) -> bool:
    """Whether the round goes on at the stage that returned the item."""
    if not returned.current_task_state.task.specific.signs or stages_of(returned) != Stages.TWO:
        return True
    return review_of(returned, revision) is not None


def _require_own_channels(page: ScamWarningPage, content: ScamWarningPage, user: Any) -> None:
    authors = get_user_model().objects.filter(pk__in={user.pk, *authors_since_last_release(page)})
    chosen = Channel.objects.filter(pk__in=[channel.pk for channel in content.channels.all()])
    foreign = own_channels.foreign(chosen, authors)
    if foreign:
        raise ApprovalRefused(
            _("These channels belong to other units: %s. Take them out of the choice, then submit again.")
            % ", ".join(str(channel) for channel in foreign)
        )


def _held(task_state: TaskState, user: Any) -> tuple[TaskState, ScamWarningPage, Any]:
    """The step, its page and the person as they are now, the rows held until the transaction ends.

    Two who press at once queue up here. Raises ApprovalRefused when the item waits no longer.
    """
    page = _page_waiting_for(task_state)
    Page.objects.select_for_update().get(pk=page.pk)
    state = TaskState.objects.select_for_update().get(pk=task_state.pk).specific
    return state, _page_waiting_for(state), get_user_model().objects.get(pk=user.pk)


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


def _require_may_approve(task_state: TaskState, page: ScamWarningPage, user: Any) -> Capacity:
    task = task_state.task.specific
    if not getattr(task, "signs", False) or not task.may_decide(user, page):
        raise ApprovalRefused(_("You do not have permission to decide on this item."))
    revision = page.get_latest_revision()
    _require_not_rejected(revision, user)
    capacity = _require_free(task_state, page, user)
    if stages_of(task_state.workflow_state) == Stages.TWO:
        review = review_of(task_state.workflow_state, revision)
        if review is None:
            raise ApprovalRefused(
                _(
                    "The warning was changed after its review. Return it to its author: "
                    "it is reviewed again when it is submitted."
                )
            )
        behind = {review.reviewer_id, review.on_behalf_of_id}
        if behind & authors_since_last_release(page):
            raise ApprovalRefused(
                _(
                    "Whoever reviewed this warning also wrote part of it. Return it, so that it is reviewed anew."
                )
            )
    return capacity


def _require_may_pass(task_state: TaskState, page: ScamWarningPage, user: Any) -> Capacity:
    task = task_state.task.specific
    if getattr(task, "signs", True) or not task.may_decide(user, page):
        raise ApprovalRefused(_("You do not have permission to review this item."))
    _require_not_rejected(page.get_latest_revision(), user)
    return _require_free(task_state, page, user)


def _require_free(task_state: TaskState, page: ScamWarningPage, user: Any) -> Capacity:
    obstacle = chain.obstacle(task_state, page, user)
    if obstacle:
        raise ApprovalRefused(obstacle)
    barred = chain.barred_from(task_state, page)
    found = chain.capacity(user, task_state.task.specific.roles(), page.unit_id, barred)
    if found is None:
        raise ApprovalRefused(_("You do not have permission to decide on this item."))
    return found


def _require_seen(draft: DraftRelease, seen_seal: str) -> None:
    if draft.seal != seen_seal:
        raise ContentChanged(
            _("The warning was changed after you opened this page. Read it again, then decide.")
        )
    if draft.problems:
        raise ApprovalRefused(" ".join(draft.problems))


def _require_not_rejected(revision: Revision, user: Any) -> None:
    before = rejected_before(revision)
    if before is not None and not scope.sees(user, before.page):
        # What one unit wrote to its author is not for another.
        raise ApprovalRefused(_("The same content was not approved before. Change it, then submit it."))
    if before is not None:
        raise ApprovalRefused(
            _("The same content was not approved on %(date)s: %(reason)s Change it, then submit it.")
            % {
                "date": date_format(localtime(before.rejected_at), "SHORT_DATE_FORMAT"),
                "reason": before.reason if before.reason.endswith((".", "!", "?")) else f"{before.reason}.",
            }
        )
