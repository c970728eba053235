"""The page of a follow-up review: what went out, who decided, and what came out."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.editorial import withdrawal
from cms.editorial.forms import FollowUpForm
from cms.editorial.stages import follow_up_letters, follow_ups
from cms.editorial.stages.follow_ups import FollowUp
from cms.users import memberships, scope
from scam_warnings.models import ScamWarningPage


@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """For whoever reviews or approves in the unit; those who had a hand in it read, but do not decide."""
    row = get_object_or_404(
        FollowUp.objects.select_related("release__page", "release__approved_by"), pk=follow_up_id
    )
    page = row.release.page
    if not scope.visible(ScamWarningPage.objects.filter(pk=page.pk), request.user).exists():
        raise Http404
    if not memberships.holds_over(request.user, *follow_ups.ROLES, unit_id=page.unit_id):
        raise PermissionDenied
    obstacle = follow_ups.why_not(row, request.user)
    form = FollowUpForm(request.POST if request.method == "POST" else None, choices=FollowUp.Outcome.choices)
    if request.method == "POST" and form.is_valid():
        done = _finish(request, row, form)
        if done is not None:
            return done
    context = {
        "row": row,
        "page": page,
        "payloads": row.release.payloads.select_related("channel").order_by("pk"),
        "involved": row.involved.order_by("last_name", "first_name"),
        "obstacle": obstacle,
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "editorial/stages/follow_up.html", context, status=422 if form.errors else 200)


def _finish(request: HttpRequest, row: FollowUp, form: FollowUpForm) -> HttpResponse | None:
    outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    try:
        done = follow_ups.finish(row, request.user, outcome, note)
    except follow_ups.FollowUpRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("editorial:follow_up", row.pk)
    if outcome == FollowUp.Outcome.ACCEPTED:
        messages.success(request, _("The follow-up review of “%s” is done.") % row.title)
        return redirect("wagtailadmin_home")
    follow_up_letters.tell(done)
    if outcome == FollowUp.Outcome.WITHDRAWAL and follow_ups.is_held(row):
        messages.warning(
            request, _("It is not public yet: stop it here; your reason was passed on to the approvers too.")
        )
        return redirect("editorial:schedules")
    if outcome == FollowUp.Outcome.WITHDRAWAL and withdrawal.may_withdraw(request.user, row.release.page):
        messages.warning(
            request, _("Withdraw the warning here; your reason was passed on to the approvers too.")
        )
        return redirect("editorial:withdraw", row.release.page_id)
    messages.success(
        request, _("Passed on, with your reason, to the authors and approvers of “%s”.") % row.title
    )
    return redirect("wagtailadmin_home")
