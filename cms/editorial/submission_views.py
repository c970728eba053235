"""«Gửi duyệt»: the checklist of the gates, the declaration, and only then the submission."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.editorial import approval
from cms.editorial.declarations import content_hash
from cms.editorial.forms import SubmitForm
from cms.editorial.stages.lanes import Stages, stages_for, stages_of
from cms.users import scope
from scam_warnings.gates import State, checklist
from scam_warnings.models import ScamWarningPage


@never_cache
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, page_id: int) -> HttpResponse:
    """What still has to be done, or the declaration and the button. Only for those who may edit the warning."""
    page = get_object_or_404(scope.visible(ScamWarningPage.objects.all(), request.user), pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if page.workflow_in_progress:
        messages.info(request, _("“%s” already waits for approval.") % page.title)
        return redirect("wagtailadmin_pages:edit", page.pk)
    form = SubmitForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done = _submit(request, page, form.cleaned_data["seen"])
            if done is not None:
                return done
    revision = page.get_latest_revision()
    content = revision.as_object()
    results = checklist(content, viewer=request.user)
    if not form.errors:
        form = SubmitForm(initial={"seen": content_hash(revision)})
    return render(
        request,
        "editorial/submit.html",
        {
            "page": page,
            "content": content,
            "results": results,
            "missing": sum(result.state is State.NOT_DONE for result in results),
            "form": form,
            "stages": stages_for(page.unit_id, content.severity).label,
            # The box is ticked for what this page shows now, also when it comes back with an error.
            "seen": content_hash(revision),
        },
        status=status,
    )


def _submit(request: HttpRequest, page: ScamWarningPage, seen: str) -> HttpResponse | None:
    try:
        task_state = approval.submit(page, request.user, not_secret=True, seen=seen)
    except ValidationError:
        messages.error(
            request, _("The warning was not submitted: some gates are not done. They are listed below.")
        )
        return None
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, _("“%s” was submitted for approval.") % page.title)
    if stages_of(task_state.workflow_state) == Stages.URGENT:
        return redirect("editorial:urgent_call", task_state.pk)
    return redirect("editorial:warnings")
