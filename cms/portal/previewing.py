"""The portal page of a snapshot that is not public yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.portal.presentation import warning_context
from scam_warnings.snapshot import Snapshot


def render_preview(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """The public page as it would look, marked as a preview. Named by settings.PORTAL_PREVIEW."""
    return render(request, "portal/preview_warning.html", warning_context(snapshot, is_preview=True))
