"""The portal page of a snapshot that is not public yet."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from cms.portal import reading
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.presentation import ENGLISH, site_context, warning_context
from scam_warnings.snapshot import Snapshot


def render_preview(
    request: HttpRequest,
    snapshot: Snapshot,
    *,
    page_id: int | None = None,
    note: str = "",
    english: bool = False,
) -> HttpResponse:
    """The public page as it would look, marked as a preview. Named by settings.PORTAL_PREVIEW.

    With ``page_id`` it has the dates and earlier corrections of what is public; ``note`` is a new correction.
    With ``english`` it is the English page, or says that there is none.
    """
    with translation.override(ENGLISH if english else settings.LANGUAGE_CODE):
        return _render(request, snapshot, page_id, note, english)


def _render(
    request: HttpRequest, snapshot: Snapshot, page_id: int | None, note: str, english: bool
) -> HttpResponse:
    said = snapshot.english
    if english and said is None:
        return render(
            request,
            "portal/preview_no_english.html",
            site_context(language=ENGLISH) | {"is_preview": True, "path": ""},
        )
    now = timezone.now()
    public = PublishedWarning.objects.filter(page_id=page_id).first() if page_id else None
    new = reading.Correction(note, now, said.correction_note if said else "")
    corrections = [new] if note else []
    if public is not None:
        corrections += reading.corrections_of(reading.versions_of(public))
    context = warning_context(
        snapshot,
        published_at=public.published_at if public else None,
        updated_at=now if public else None,
        state=PublicState.CORRECTED if corrections else PublicState.PUBLISHED,
        corrections=corrections,
        is_preview=True,
        english=english,
    )
    return render(request, "portal/preview_warning.html", context)
