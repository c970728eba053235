"""«Đề nghị cấp vai trò»: what waits for a second administrator, and what became of the last ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wagtail.admin import messages

from cms.users import requests, scope
from cms.users.access import require_administrator
from cms.users.enums import RequestState
from cms.users.models import RoleRequest
from cms.users.person_forms import RefuseForm
from cms.users.refusals import Refused

SHOWN = 30


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Both lists."""
    return _page(request)


@require_POST
def decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """Confirm or refuse one request."""
    require_administrator(request)
    asked = get_object_or_404(RoleRequest.objects.select_related("user", "unit"), pk=request_id)
    words = {
        "who": asked.user.get_full_name() or asked.user,
        "role": asked.get_role_display(),
        "unit": asked.unit,
    }
    try:
        if request.POST.get("decision") == "confirm":
            requests.confirm(asked, request.user)
            messages.success(request, _("%(who)s is now %(role)s in “%(unit)s”.") % words)
            return redirect("users:requests")
        form = RefuseForm(request.POST)
        if not form.is_valid():
            return _page(request, wrong={asked.pk: form})
        requests.refuse(asked, request.user, form.cleaned_data["note"])
        messages.success(request, _("Refused: %(who)s as %(role)s in “%(unit)s”.") % words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("users:requests")


def _page(request: HttpRequest, wrong: dict[int, RefuseForm] | None = None) -> HttpResponse:
    require_administrator(request)
    wrong = wrong or {}
    waiting = [
        (
            row,
            requests.why_not(row, request.user),
            wrong.get(row.pk) or RefuseForm(auto_id=f"refuse-{row.pk}-%s"),
        )
        for row in requests.waiting(request.user)
    ]
    decided = scope.visible(
        RoleRequest.objects.exclude(state=RequestState.WAITING), request.user, "users.change_user"
    ).select_related("user", "unit", "requested_by", "decided_by")
    context = {"waiting": waiting, "decided": decided.order_by("-decided_at", "-pk")[:SHOWN]}
    return render(request, "users/role_requests.html", context, status=422 if wrong else 200)
