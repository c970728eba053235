"""Two units become one: what goes along is shown before it happens."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.users import memberships, units
from cms.users.access import require_administrator
from cms.users.models import Unit
from cms.users.refusals import Refused
from cms.users.unit_forms import MergeForm


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Choose the successor, then merge."""
    require_administrator(request)
    source = get_object_or_404(Unit.objects.existing(), pk=unit_id, parent__isnull=False)
    if not memberships.may_manage(request.user, source):
        raise PermissionDenied
    form = MergeForm(request.POST if request.method == "POST" else None, source=source, by=request.user)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            made = units.merge(
                source, chosen["into"], on=chosen["on"], decision=chosen["decision"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("“%(source)s” is now part of “%(into)s”.") % {"source": source, "into": made.into}
            )
            return redirect("users_units:index")
    context = {"source": source, "form": form, "going": units.going_along(source)}
    return render(request, "users/merge.html", context, status=422 if form.errors else 200)
