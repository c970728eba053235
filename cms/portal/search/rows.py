"""What a result shows, in files of few warnings each: written with the warning, so always as it stands today."""

import datetime as dt
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.utils import timezone

from cms.core.text import clip
from cms.portal.audiences import INTERNAL
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.search.corpus import VIETNAMESE, Corpus
from cms.portal.search.index import day_number

BLOCK: Final = 16
"""Warnings in one file, by their number."""
SUMMARY: Final = 220
_TEXTS: Final = ("title_marked", "text_marked")
_COLUMNS: Final = ("pk", "scam_type_key", "severity", "published_at", "is_old", "snapshot__audiences")


def block_of(number: int) -> int:
    """The block warning ``number`` stands in."""
    return number // BLOCK


def rows_file(block: int, corpus: Corpus = VIETNAMESE) -> dict[str, Any] | None:
    """How results show the warnings of ``block``; a withdrawn one is not there. None for an empty block."""
    if not _of(block, PublishedWarning.objects.all()).exists():
        return None
    return {"rows": [_row(row, corpus) for row in _of(block, corpus.rows())]}


def words_file(block: int, corpus: Corpus = VIETNAMESE) -> dict[str, Any] | None:
    """The words and filters of the warnings of ``block``, for those that the shards do not have yet."""
    if not _of(block, PublishedWarning.objects.all()).exists():
        return None
    read = corpus.read(_of(block, corpus.rows()), _TEXTS, *_COLUMNS)
    return {"rows": [_words(texts, values) for texts, values in read]}


def newest_file() -> dict[str, Any]:
    """The number of the newest warning."""
    return {"last": PublishedWarning.objects.aggregate(Max("pk"))["pk__max"] or 0, "block": BLOCK}


def _of(block: int, rows: QuerySet[PublishedWarning]) -> QuerySet[PublishedWarning]:
    return rows.filter(pk__gte=block * BLOCK, pk__lt=(block + 1) * BLOCK).order_by("pk")


def _row(row: PublishedWarning, corpus: Corpus) -> dict[str, Any]:
    shown = corpus.card(row)
    made: dict[str, Any] = {
        "id": row.pk,
        "slug": row.slug,
        "title": shown.title,
        "summary": clip(shown.summary, SUMMARY),
        "severity": row.severity,
        "severityName": shown.severity_name,
        "type": shown.type_name,
        "day": timezone.localdate(row.published_at).isoformat(),
        "code": row.code,
    }
    if row.state == PublicState.CORRECTED:
        made["corrected"] = 1
    if row.expires_on:
        made["until"] = row.expires_on.isoformat()
    return made


def _words(texts: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    (title, text), (number, scam_type, severity, published_at, is_old, audiences) = texts, values
    day: dt.date = timezone.localdate(published_at)
    in_title = set(title.split())
    others = [word for word in dict.fromkeys(text.split()) if word not in in_title]
    return {
        "id": number,
        "title": title.strip(),
        "text": " ".join(others),
        "type": scam_type,
        "audiences": [entry["key"] for entry in audiences if entry["key"] not in INTERNAL],
        "severity": severity,
        "day": day_number(day),
        "old": int(is_old),
    }
