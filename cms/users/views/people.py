"""A person: what they may do where, what is asked for, what they held before."""

from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wagtail.admin import messages

from cms.users import memberships, requests, scope
from cms.users.access import require_administrator
from cms.users.models import Membership, RoleRequest
from cms.users.person_forms import GrantForm
from cms.users.refusals import Refused
from cms.users.roles import CONFIRMED_BY_TWO, Role

_MANAGES = "users.change_user"


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """The roles of one person, and the form to give another."""
    require_administrator(request)
    who = get_object_or_404(get_user_model().objects.select_related("unit"), pk=user_id)
    form = GrantForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            said = _give(who, request.user, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("users:person", who.pk)
    reach = scope.reach_for(request.user, _MANAGES)
    held = [row for row in memberships.roles_in(who) if reach.covers(row.unit_id)]
    ended = scope.visible(Membership.objects.filter(user=who, ended_at__isnull=False), request.user, _MANAGES)
    asked = scope.visible(RoleRequest.objects.filter(user=who), request.user, _MANAGES)
    context = {
        "who": who,
        "form": form,
        "is_self": who.pk == request.user.pk,
        "held": [
            (row, who.pk != request.user.pk and memberships.may_manage(request.user, row.unit))
            for row in held
        ],
        "elsewhere": not memberships.all_of(who, reach),
        "ended": ended.select_related("unit", "granted_by", "ended_by")[:100],
        "asked": asked.select_related("unit", "requested_by", "decided_by")[:20],
    }
    return render(request, "users/person.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a role away."""
    require_administrator(request)
    membership = get_object_or_404(Membership.objects.select_related("user", "unit"), pk=membership_id)
    try:
        memberships.revoke(membership, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(who)s is no longer %(role)s in “%(unit)s”.")
            % {
                "who": membership.user.get_full_name() or membership.user,
                "role": membership.get_role_display(),
                "unit": membership.unit,
            },
        )
    return redirect("users:person", membership.user_id)


def _give(who: Any, by: Any, chosen: dict[str, Any]) -> str:
    role, unit = Role(chosen["role"]), chosen["unit"]
    words = {"who": who.get_full_name() or who, "role": role.label, "unit": unit}
    if role in CONFIRMED_BY_TWO:
        requests.ask(who, role, unit, by, chosen["reason"])
        return (
            _("Asked for: %(who)s as %(role)s in “%(unit)s”. Another administrator has to confirm it.")
            % words
        )
    memberships.grant(who, role, unit, by)
    return _("%(who)s is now %(role)s in “%(unit)s”.") % words
