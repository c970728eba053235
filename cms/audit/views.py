"""One entry, with what was before and what is now side by side."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cms.audit import report, showing
from cms.audit.models import Entry
from cms.users import scope


@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything one entry says, and its place in the chain."""
    if not scope.everywhere(request.user, "audit.view_entry"):
        raise PermissionDenied
    found = get_object_or_404(Entry.objects.select_related("link"), pk=pk)
    together = Entry.objects.filter(group=found.group).exclude(pk=pk) if found.group else Entry.objects.none()
    context = {
        "entry": found,
        "link": getattr(found, "link", None),
        "action": showing.action(found),
        "who": showing.who(found),
        "kind": showing.kind(found.object_type) if found.object_type else "",
        "changes": showing.changes(found),
        "details": showing.details(found),
        "same_object": report.link_to_object(found) if found.object_type and found.object_id else "",
        "together": [(other, showing.action(other)) for other in together.order_by("id")[:20]],
    }
    return render(request, "audit/entry.html", context)
