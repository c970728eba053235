"""What a person sees when a form's security token no longer fits: what happened, and that nothing is lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a failed CSRF check. Named by settings.CSRF_FAILURE_VIEW."""
    return render(request, "core/stale_form.html", status=403)
