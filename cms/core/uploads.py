"""Uploaded files when no web server stands in front: sealed ones for everybody, drafts for staff only."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join

_INLINE = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def serve(request: HttpRequest, path: str) -> FileResponse:
    """The file ``path`` below MEDIA_ROOT. Raises Http404 when it is missing or not for this reader."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    sealed = file.is_relative_to(settings.SEALED_ROOT)
    user = getattr(request, "user", AnonymousUser())
    if not sealed and not user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    if "\x00" in path or not file.is_file():
        raise Http404
    kind = _INLINE.get(file.suffix.lower())
    response = FileResponse(
        file.open("rb"), as_attachment=kind is None, content_type=kind or "application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=31536000, immutable" if sealed else "private, max-age=300"
    return response
