"""Open tips by type and place, and what several of them name: where a warning is due."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cms.tips import drafting, similar
from cms.tips.desk import access
from cms.tips.models import OPEN
from scam_warnings.indicators import IndicatorKind


@require_GET
@never_cache
def groups(request: HttpRequest) -> HttpResponse:
    """Both tables, over the open tips within reach."""
    access.require(request, *access.SEE)
    rows = access.tips(request.user).filter(state__in=OPEN)
    kinds = dict(IndicatorKind.choices)
    context = {
        "groups": similar.groups(rows),
        "shared": [(item, kinds.get(item.kind, "")) for item in similar.shared_marks(rows)],
        "may_draft": drafting.may_draft(request.user) and request.user.has_perm(access.CHANGE),
        "none": "none",
    }
    return render(request, "tips/desk/groups.html", context)
