"""A draft as its readers would meet it: portal page, Facebook post, Zalo message, SMS, script."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import override

from cms.core.text import utf16_length
from scam_warnings.composing import snapshot_of
from scam_warnings.models import ScamWarningPage
from scam_warnings.sms import count_sms
from scam_warnings.snapshot import Snapshot

FORMS = ("facebook", "zalo", "sms", "loudspeaker")
PLACEHOLDER_CODE = "CB-…"


def preview(request: HttpRequest, page: ScamWarningPage, mode: str) -> HttpResponse:
    """The page for one preview mode. Raises Http404 for an unknown mode."""
    with override(settings.LANGUAGE_CODE):
        snapshot = snapshot_of(page, reference=page.code or PLACEHOLDER_CODE)
    if mode in ("", "portal", "english"):
        return import_string(settings.PORTAL_PREVIEW)(request, snapshot, english=mode == "english")
    if mode not in FORMS:
        raise Http404
    return render(request, f"scam_warnings/previews/{mode}.html", preview_context(snapshot, mode))


def preview_context(snapshot: Snapshot, form: str) -> dict[str, object]:
    """What the preview templates need of one form: its text, how long it is, and the picture that goes along."""
    text = snapshot.texts[form]
    return {
        "snapshot": snapshot,
        "text": text,
        "length": utf16_length(text),
        "sms": count_sms(text) if form == "sms" else None,
        "words": len(text.split()),
        "image": snapshot.card_square if form in ("facebook", "zalo") else None,
    }
