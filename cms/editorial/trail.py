"""«Nhật ký» of one warning: who did what with it, for everybody who may see the warning."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cms.audit import showing
from cms.audit.models import Entry
from cms.editorial import queue
from cms.users import scope
from scam_warnings.models import ScamWarningPage

PER_PAGE = 40
_PAGE = "wagtailcore.page"


def may_see(page: ScamWarningPage, user: Any) -> bool:
    """Whether ``user`` works on ``page``, decides on warnings, or reads the whole log."""
    return (
        scope.reach_for(user, "audit.view_entry").covers(page.unit_id)
        or queue.decides_over(user).covers(page.unit_id)
        or bool(page.permissions_for_user(user).can_edit())
    )


@require_GET
def trail(request: HttpRequest, page_id: int) -> HttpResponse:
    """The entries of one warning, the newest first. Addresses are for those who read the whole log."""
    page = get_object_or_404(scope.visible(ScamWarningPage.objects.all(), request.user), pk=page_id)
    if not may_see(page, request.user):
        raise PermissionDenied
    kinds = (page._meta.label_lower, _PAGE)
    rows = Entry.objects.filter(object_type__in=kinds, object_id=str(page.pk)).order_by("-id")
    asked = request.GET.get("p", "1")
    part = Paginator(rows, PER_PAGE).get_page(asked if asked.isdigit() else 1)
    entries = [
        {
            "entry": entry,
            "action": showing.action(entry),
            "who": showing.who(entry),
            "changes": showing.changes(entry),
            "details": showing.details(entry),
        }
        for entry in part
    ]
    context = {
        "page": page,
        "entries": entries,
        "page_obj": part,
        "may_edit": page.permissions_for_user(request.user).can_edit(),
        "whole_log": scope.everywhere(request.user, "audit.view_entry"),
    }
    return render(request, "editorial/trail.html", context)
