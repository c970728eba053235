"""The sealed record of a release, to take away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from cms.audit.actions import Action
from cms.audit.recording import record
from publishers import sealed_record
from publishers.centre.access import require_view
from publishers.models import Release


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """One ZIP; that it was taken stands in the audit trail."""
    require_view(request)
    release = get_object_or_404(Release.objects.select_related("approved_by", "revision"), pk=pk)
    content = sealed_record.as_file(release)
    record(Action.DOWNLOAD, release)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="ho-so-{release.reference}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
