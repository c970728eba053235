"""A tip arrives: written once, whatever the browser sends twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cms.core import sealing
from cms.intake import stamps
from cms.intake.languages import Language
from cms.tips import consent, marks, pictures, receipts, story
from cms.tips.models import Mark, Tip
from cms.users.models import Unit
from scam_warnings.official_sources import official_domains
from scam_warnings.taxonomy import ScamType


@dataclass(frozen=True, slots=True)
class Told:
    """A complete form."""

    story: str
    traces: str
    scam_type: ScamType | None
    unit: Unit | None
    is_harmed: bool | None
    contact: str
    held: Sequence[str] = ()
    fresh: Sequence[pictures.Clean] = ()
    language: Language = Language.VIETNAMESE
    """Of the form."""


def receive(told: Told, nonce: str, now: datetime) -> str:
    """Keep the tip; returns its receipt code. The same stamp again gives the same code and keeps nothing."""
    code = receipts.code_for(nonce)
    with transaction.atomic():
        if not stamps.spend(nonce, now):
            return code
        text, _found = marks.without_identities(told.story)
        traces, _found = marks.without_identities(told.traces)
        tip = Tip.objects.create(
            code_digest=receipts.digest_of(code),
            received_at=now,
            state_at=now,
            unit=told.unit,
            scam_type=told.scam_type,
            is_harmed=told.is_harmed,
            sealed_story=story.seal(story.Story(text, traces)),
            sealed_contact=sealing.seal(told.contact) if told.contact else "",
            consent_version=consent.VERSION,
            language=told.language,
            consent_at=now,
        )
        pictures.take(tip, told.held, told.fresh, now)
        _mark(tip, text, traces, told.contact)
    return code


def _mark(tip: Tip, text: str, traces: str, contact: str) -> None:
    found = marks.traces(traces, text, official=official_domains(), besides=contact)
    rows = {
        digest: Mark(tip=tip, kind=trace.kind, digest=digest, shown=trace.shown)
        for trace in found
        if (digest := marks.digest(trace))
    }
    Mark.objects.bulk_create(rows.values())
