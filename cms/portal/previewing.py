"""The portal page of a snapshot that is not public yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cms.portal import reading
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.presentation import warning_context
from scam_warnings.snapshot import Snapshot


def render_preview(
    request: HttpRequest, snapshot: Snapshot, *, page_id: int | None = None, note: str = ""
) -> HttpResponse:
    """The public page as it would look, marked as a preview. Named by settings.PORTAL_PREVIEW.

    With ``page_id`` it has the dates and earlier corrections of what is public; ``note`` is a new correction.
    """
    now = timezone.now()
    public = PublishedWarning.objects.filter(page_id=page_id).first() if page_id else None
    corrections = [reading.Correction(note, now)] if note else []
    if public is not None:
        corrections += reading.corrections_of(public)
    context = warning_context(
        snapshot,
        published_at=public.published_at if public else None,
        updated_at=now if public else None,
        state=PublicState.CORRECTED if corrections else PublicState.PUBLISHED,
        corrections=corrections,
        is_preview=True,
    )
    return render(request, "portal/preview_warning.html", context)
