"""The approver's desk: what waits, exactly what would go out, and the decision."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages
from wagtail.models import TaskState

from cms.editorial import approval, withdrawal
from cms.editorial.changes import changes
from cms.editorial.deadlines import ApprovalDeadlines, term
from cms.editorial.declarations import declarations_for
from cms.editorial.forms import PassOnForm, PublishForm, RejectForm, ReturnForm
from cms.editorial.grouping import Group, grouped
from cms.editorial.models import ApprovalTask
from cms.editorial.stages.chain import authors_since_last_release
from cms.editorial.stages.lanes import Stages, stages_of
from cms.editorial.stages.reviews import review_of
from cms.users import scope
from publishers import registry, scheduling
from publishers.sealing import DraftRelease
from scam_warnings.gates import checklist
from scam_warnings.models import ScamWarningPage, WarningIndexPage
from scam_warnings.previews import preview_context

logger = logging.getLogger(__name__)

NOT_STORED = gettext_lazy(
    "This could not be stored: the disk is full, or the database does not answer. "
    "Tell the administrator. When that is mended, open this page again to see how it stands, then decide."
)
CANNOT_STORE = (OperationalError, InterfaceError, OSError)


def _to_decide(request: HttpRequest, task_state_id: int) -> TaskState:
    """The item, for who may decide on it; of the warnings of other units there is no trace."""
    task_state = get_object_or_404(TaskState, pk=task_state_id).specific
    task, page_id = task_state.task.specific, task_state.workflow_state.object_id
    page = scope.visible(ScamWarningPage.objects.filter(pk=page_id), request.user).first()
    if page is None:
        raise Http404
    if not hasattr(task, "may_decide") or not task.may_decide(request.user, page):
        raise PermissionDenied
    return task_state


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """Everything an approval would release, and the three decisions. Only for those who may decide."""
    task_state = _to_decide(request, task_state_id)
    try:
        draft = approval.under_review(task_state)
    except approval.ApprovalRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("wagtailadmin_home")
    except CANNOT_STORE as error:
        # The pictures of the channels are sealed before they are shown.
        logger.error("A draft could not be shown: %s", type(error).__name__)  # noqa: TRY400 - quotes SQL
        messages.error(request, NOT_STORED)
        return redirect("wagtailadmin_home")

    approve_form = PublishForm(initial={"seal": draft.seal})
    return_form = ReturnForm()
    reject_form = RejectForm()
    signs = task_state.task.specific.signs
    pass_form = PassOnForm(initial={"seal": draft.seal})
    done: HttpResponse | None = None
    decision = request.POST.get("decision") if request.method == "POST" else None
    if decision == "return":
        return_form = ReturnForm(request.POST)
        if return_form.is_valid():
            done = _return(request, task_state, draft, return_form.cleaned_data["comment"])
    elif not signs and request.method == "POST":
        pass_form = PassOnForm(request.POST)
        if decision == "pass" and pass_form.is_valid():
            done = _pass_on(request, task_state, draft, pass_form.cleaned_data) or redirect(
                "editorial:review", task_state_id
            )
    elif decision == "reject":
        reject_form = RejectForm(request.POST)
        if reject_form.is_valid():
            done = _reject(request, task_state, draft, reject_form.cleaned_data["reason"])
    elif decision == "approve":
        approve_form = PublishForm(request.POST)
        if approve_form.is_valid():
            said = approve_form.cleaned_data
            done = _approve(request, task_state, draft, said) or redirect("editorial:review", task_state_id)
    if done is not None:
        return done

    return render(
        request,
        "editorial/review.html",
        {
            "task_state": task_state,
            "draft": draft,
            "page": draft.page,
            "results": checklist(draft.page, viewer=request.user),
            "declarations": declarations_for(draft.page, draft.revision),
            # What the gates say stands in their own list.
            "obstacles": [problem for problem in draft.problems if problem not in draft.gaps],
            "changes": changes(draft),
            "term": term(draft.snapshot.severity.key, task_state.started_at, ApprovalDeadlines.load()),
            "now": timezone.now(),
            "previews": [_preview(group, draft) for group in grouped(draft.payloads)],
            "authors": get_user_model().objects.filter(pk__in=authors_since_last_release(draft.page)),
            "signs": signs,
            "urgent": stages_of(task_state.workflow_state) == Stages.URGENT,
            "reviewed": review_of(task_state.workflow_state, draft.revision) if signs else None,
            "pass_form": pass_form,
            "obstacle": approval.why_not(task_state, request.user),
            "approve_form": approve_form,
            "return_form": return_form,
            "reject_form": reject_form,
        },
        status=422
        if any(form.errors for form in (approve_form, return_form, reject_form, pass_form))
        else 200,
    )


def warnings(request: HttpRequest) -> HttpResponse:
    """To the list of warnings, wherever it stands in the page tree."""
    return redirect("wagtailadmin_explore", get_object_or_404(WarningIndexPage).pk)


def review_of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """From an e-mail to the review page of whatever round of approval the warning is in now."""
    pages = scope.visible(ScamWarningPage.objects.all(), request.user)
    task_state = get_object_or_404(pages, pk=page_id).current_workflow_task_state
    if task_state is None:
        messages.warning(request, _("This warning is not waiting for approval."))
        return redirect("wagtailadmin_home")
    return redirect("editorial:review", task_state.pk)


def review_portal(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """The portal page of the item under review, for the frames on the review page; with ``?english`` in English."""
    task_state = _to_decide(request, task_state_id)
    draft = approval.under_review(task_state)
    preview = import_string(settings.PORTAL_PREVIEW)
    return preview(
        request,
        draft.snapshot,
        page_id=draft.page.pk,
        note=draft.note,
        english="english" in request.GET and draft.snapshot.english is not None,
    )


@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """The CSRF token of the living session; without one Wagtail answers with its sign-in page instead."""
    return JsonResponse({"csrf": get_token(request)})


def _approve(
    request: HttpRequest, task_state: TaskState, draft: DraftRelease, said: dict[str, Any]
) -> HttpResponse | None:
    publish_at = said["publish_at"]
    try:
        release = approval.approve(
            task_state, request.user, seen_seal=said["seal"], not_secret=True, publish_at=publish_at
        )
    except approval.ApprovalRefused as refusal:
        messages.error(request, str(refusal))
        return None
    except CANNOT_STORE as error:
        logger.error("A signature could not be stored: %s", type(error).__name__)  # noqa: TRY400 - quotes SQL
        messages.error(request, NOT_STORED)
        return None
    if publish_at is not None:
        messages.success(
            request,
            _("“%(title)s” is approved (%(reference)s) and leaves at %(time)s; until then nothing is public.")
            % {
                "title": draft.snapshot.title,
                "reference": release.reference,
                "time": scheduling.time_of(publish_at),
            },
        )
        return redirect("editorial:schedules")
    messages.success(
        request,
        _("“%(title)s” is approved (%(reference)s) and on its way to %(count)d channels.")
        % {"title": draft.snapshot.title, "reference": release.reference, "count": len(draft.payloads)},
    )
    return redirect("editorial:deliveries", draft.page.pk)


def _pass_on(
    request: HttpRequest, task_state: TaskState, draft: DraftRelease, said: dict[str, Any]
) -> HttpResponse | None:
    try:
        approval.pass_on(task_state, request.user, seen_seal=said["seal"], remark=said["remark"])
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
        return None
    except CANNOT_STORE as error:
        logger.error("A review could not be stored: %s", type(error).__name__)  # noqa: TRY400 - quotes SQL
        messages.error(request, NOT_STORED)
        return None
    messages.success(request, _("“%s” was passed on to the approver.") % draft.snapshot.title)
    return redirect("wagtailadmin_home")


def _return(request: HttpRequest, task_state: TaskState, draft: DraftRelease, reason: str) -> HttpResponse:
    try:
        approval.return_for_changes(task_state, request.user, reason)
    except approval.ApprovalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%s” went back to its author with your reason.") % draft.snapshot.title)
    return redirect("wagtailadmin_home")


def _reject(request: HttpRequest, task_state: TaskState, draft: DraftRelease, reason: str) -> HttpResponse:
    try:
        approval.reject(task_state, request.user, reason)
    except approval.ApprovalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("“%s” is not approved; its author reads your reason.") % draft.snapshot.title
        )
    return redirect("wagtailadmin_home")


def _preview(group: Group, draft: DraftRelease) -> dict[str, Any]:
    payload = group.first
    kind = registry.kinds()[payload.channel.kind]
    form = registry.text_form(payload.channel.kind, payload.channel.options)
    context: dict[str, Any] = {"group": group, "payload": payload, "kind": kind, "form": form}
    if form:
        context |= preview_context(draft.snapshot, form)
        context["text"] = payload.text
    return context


def deliveries(request: HttpRequest, page_id: int) -> HttpResponse:
    """What became of a warning's releases, channel by channel."""
    page = get_object_or_404(scope.visible(ScamWarningPage.objects.all(), request.user), pk=page_id)
    tester = page.permissions_for_user(request.user)
    if not tester.can_edit() and not any(
        task.may_decide(request.user, page) for task in ApprovalTask.objects.filter(active=True)
    ):
        raise PermissionDenied
    return render(
        request,
        "editorial/deliveries.html",
        {
            "page": page,
            "releases": page.releases.all(),
            "may_withdraw": withdrawal.may_withdraw(request.user, page) and withdrawal.is_out(page),
        },
    )
