"""The page on which a warning is withdrawn: the reason, then every notice exactly as it will leave."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.editorial import withdrawal
from cms.editorial.approval import ApprovalRefused
from cms.editorial.forms import ApproveForm, WithdrawReasonForm
from cms.editorial.grouping import grouped
from cms.editorial.views import CANNOT_STORE, NOT_STORED
from cms.users import scope
from publishers.models import Release
from scam_warnings.models import ScamWarningPage


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """First the reason, then the notices with their seal. Only for those who decide on warnings."""
    page = get_object_or_404(scope.visible(ScamWarningPage.objects.all(), request.user), pk=page_id)
    if not withdrawal.may_withdraw(request.user, page):
        raise PermissionDenied
    reason = WithdrawReasonForm(request.POST or None)
    note = reason.cleaned_data["note"] if request.method == "POST" and reason.is_valid() else ""
    try:
        draft = withdrawal.draft(page, note)
    except ApprovalRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("editorial:deliveries", page.pk)
    sign = ApproveForm(initial={"seal": draft.seal})
    if note and "seal" in request.POST:
        sign = ApproveForm(request.POST)
        if sign.is_valid():
            try:
                release = withdrawal.withdraw(
                    page, request.user, note=note, seen_seal=sign.cleaned_data["seal"], not_secret=True
                )
            except ApprovalRefused as refusal:
                messages.error(request, str(refusal))
                sign = ApproveForm(initial={"seal": draft.seal})
            except CANNOT_STORE:
                messages.error(request, NOT_STORED)
            else:
                return _done(request, page, release)
    context = {
        "page": page,
        "draft": draft,
        "note": note,
        "reason": reason,
        "sign": sign,
        "groups": grouped(draft.payloads),
    }
    status = 422 if (request.method == "POST" and not note) or sign.errors else 200
    return render(request, "editorial/withdraw.html", context, status=status)


def _done(request: HttpRequest, page: ScamWarningPage, release: Release) -> HttpResponse:
    messages.success(
        request,
        _("“%(title)s” is withdrawn (%(reference)s); the table shows how far each channel is.")
        % {"title": page.title, "reference": release.reference},
    )
    return redirect("publishers:release", release.pk)
