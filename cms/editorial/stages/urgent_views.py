"""The link on an approver's phone, and the page on which a submitter calls them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from wagtail.admin import messages
from wagtail.models import TaskState

from cms.editorial.stages import urgent
from cms.editorial.stages.lanes import Stages, stages_of
from cms.users import scope
from scam_warnings.models import ScamWarningPage


@require_GET
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """To the review page, which looks at the rights of whoever signed in; the link itself gives none."""
    try:
        task_state = get_object_or_404(TaskState, pk=urgent.opened(token))
    except urgent.BadLink:
        messages.error(
            request,
            _("This link has expired. What waits for you stands on this page; otherwise ask for a new link."),
        )
        return redirect("wagtailadmin_home")
    return redirect("editorial:review_of_page", int(task_state.workflow_state.object_id))


@require_GET
@never_cache
def calling(request: HttpRequest, task_state_id: int) -> HttpResponse:
    """The clock, who was told, and the text to share. For whoever may edit the warning, and decides on it."""
    task_state = get_object_or_404(TaskState, pk=task_state_id).specific
    pages = scope.visible(ScamWarningPage.objects.all(), request.user)
    page = pages.filter(pk=task_state.workflow_state.object_id).first()
    if page is None or stages_of(task_state.workflow_state) != Stages.URGENT:
        raise Http404
    submitted = task_state.workflow_state.requested_by_id == request.user.pk
    if not submitted and not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        messages.info(request, _("“%s” was decided on already, or taken back.") % page.title)
        return redirect("wagtailadmin_home")
    now = timezone.now()
    context = {
        "page": page,
        "title": page.draft_title or page.title,
        "task_state": task_state,
        "now": now,
        "called": urgent.called(task_state, now),
        "message": urgent.message(task_state),
    }
    return render(request, "editorial/stages/calling.html", context)
