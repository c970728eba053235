"""What a result shows, in files of few warnings each: written with the warning, so always as it stands today."""

import datetime as dt
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from cms.core.text import clip
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.reading import listed
from cms.portal.search.filters import INTERNAL_AUDIENCES
from cms.portal.search.index import day_number

BLOCK: Final = 16
"""Warnings in one file, by their number."""
SUMMARY: Final = 220


def block_of(number: int) -> int:
    """The block warning ``number`` stands in."""
    return number // BLOCK


def rows_file(block: int) -> dict[str, Any] | None:
    """How results show the warnings of ``block``; a withdrawn one is not there. None for an empty block."""
    rows = _rows(block)
    if not PublishedWarning.objects.filter(pk__in=range(block * BLOCK, (block + 1) * BLOCK)).exists():
        return None
    return {"rows": [_row(row) for row in rows]}


def words_file(block: int) -> dict[str, Any] | None:
    """The words and filters of the warnings of ``block``, for those that the shards do not have yet."""
    rows = _rows(block)
    if not PublishedWarning.objects.filter(pk__in=range(block * BLOCK, (block + 1) * BLOCK)).exists():
        return None
    return {"rows": [_words(row) for row in rows]}


def newest_file() -> dict[str, Any]:
    """The number of the newest warning."""
    return {"last": PublishedWarning.objects.aggregate(Max("pk"))["pk__max"] or 0, "block": BLOCK}


def _rows(block: int) -> list[PublishedWarning]:
    return list(listed().filter(pk__gte=block * BLOCK, pk__lt=(block + 1) * BLOCK).order_by("pk"))


def _row(row: PublishedWarning) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": row.pk,
        "slug": row.slug,
        "title": row.title,
        "summary": clip(row.summary, SUMMARY),
        "severity": row.severity,
        "severityName": row.content().severity.name,
        "type": row.scam_type_name,
        "day": timezone.localdate(row.published_at).isoformat(),
        "code": row.code,
    }
    if row.state == PublicState.CORRECTED:
        made["corrected"] = 1
    if row.expires_on:
        made["until"] = row.expires_on.isoformat()
    return made


def _words(row: PublishedWarning) -> dict[str, Any]:
    day: dt.date = timezone.localdate(row.published_at)
    in_title = set(row.title_marked.split())
    others = [word for word in dict.fromkeys(row.text_marked.split()) if word not in in_title]
    return {
        "id": row.pk,
        "title": row.title_marked.strip(),
        "text": " ".join(others),
        "type": row.scam_type_key,
        "audiences": [
            audience.key for audience in row.content().audiences if audience.key not in INTERNAL_AUDIENCES
        ],
        "severity": row.severity,
        "day": day_number(day),
        "old": int(row.is_old),
    }
