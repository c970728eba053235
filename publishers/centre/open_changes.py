"""Every correction and withdrawal that is still open, with its clock."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cms.users import scope
from publishers import clock, closing
from publishers.centre.access import SEE, require_view
from publishers.models import Release


@require_GET
def open_changes(request: HttpRequest) -> HttpResponse:
    """The overdue first; each leads to its release, where its channels are closed."""
    require_view(request)
    now = clock.now()
    found = closing.still_open(scope.visible(Release.objects.all(), request.user, *SEE))
    found.sort(key=lambda item: (not item.is_overdue(now), item.began))
    lines = [(item, item.shown(now), item.is_overdue(now)) for item in found]
    return render(request, "publishers/centre/open_changes.html", {"lines": lines})
