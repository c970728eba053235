"""«Ủy quyền»: what holds, what is to come, what waits for a confirmation, and the form for another."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wagtail.admin import messages

from cms.users import delegations, scope
from cms.users.delegation_forms import DelegationForm
from cms.users.models import Delegation
from cms.users.refusals import Refused
from cms.users.roles import Role

SHOWN = 30


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Both lists and the form. For those who have a role to delegate, were delegated one, or administer people."""
    may_add = delegations.may_set_up(request.user)
    if not may_add and not _concerning(request).exists():
        raise PermissionDenied
    form = DelegationForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST":
        if not may_add:
            raise PermissionDenied
        if form.is_valid() and _set_up(request, form):
            return redirect("users:delegations")
    now = timezone.now()
    rows = list(_concerning(request)[:200])
    standing = [row for row in rows if row.revoked_at is None and row.ends_at > now and not _is_void(row)]
    context = {
        "standing": [
            (
                row,
                delegations.may_revoke(row, request.user),
                row.confirmed_by_id is None and not delegations.why_not_confirm(row, request.user),
            )
            for row in standing
        ],
        "past": [row for row in rows if row not in standing][:SHOWN],
        "form": form if may_add else None,
        "now": now,
    }
    return render(request, "users/delegations.html", context, status=422 if form.errors else 200)


@require_POST
def decide(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Confirm or end one delegation."""
    row = get_object_or_404(_concerning(request), pk=delegation_id)
    try:
        if request.POST.get("decision") == "confirm":
            delegations.confirm(row, request.user)
            messages.success(request, _("The delegation is confirmed."))
        else:
            delegations.revoke(row, request.user)
            messages.success(request, _("The delegation has ended."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("users:delegations")


def _set_up(request: HttpRequest, form: DelegationForm) -> bool:
    chosen = form.cleaned_data
    try:
        made = delegations.delegate(
            chosen["membership"],
            chosen["to_user"],
            request.user,
            begins_at=form.begins_at,
            ends_at=form.ends_at,
            reason=chosen["reason"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    words = {
        "who": made.to_user.get_full_name() or made.to_user,
        "role": made.membership.get_role_display(),
        "principal": made.membership.user.get_full_name() or made.membership.user,
    }
    messages.success(
        request,
        _("%(who)s acts as %(role)s for %(principal)s during that time.") % words
        if made.confirmed_by_id
        else _("Set up: %(who)s as %(role)s for %(principal)s. It holds as soon as it is confirmed.") % words,
    )
    return True


def _concerning(request: HttpRequest) -> QuerySet[Delegation]:
    """The delegations this person gave, got or administers."""
    mine = Q(membership__user=request.user) | Q(to_user=request.user)
    administered = scope.held(request.user, Role.ADMINISTRATOR)
    rows = Delegation.objects.select_related(
        "membership__user", "membership__unit", "to_user", "created_by", "confirmed_by", "revoked_by"
    )
    if administered.everything:
        return rows
    return rows.filter(mine | Q(membership__unit__in=administered.units))


def _is_void(row: Delegation) -> bool:
    return (
        row.membership.ended_at is not None or not row.membership.user.is_active or not row.to_user.is_active
    )
