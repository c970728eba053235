"""Search that forgives missing marks and survives any input."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db import Error as DatabaseError
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from wagtail.search.backends import get_search_backend

from modelsearch.backends.base import FieldError, FilterError

from cms.core.text import fold, nfc
from cms.portal.models import PublicState, PublishedWarning

logger = logging.getLogger(__name__)

MAX_INPUT = 1000
MAX_SHOWN = 120
MAX_WORDS = 12
MAX_WORD = 40
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: as shown back to the reader, and as plain words."""

    shown: str
    words: tuple[str, ...]

    @property
    def marked_phrase(self) -> str:
        """The query in lower case with its marks, or empty when it has none."""
        lower = self.shown.casefold()
        return lower if fold(lower) != lower else ""

    @property
    def folded_phrase(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results, and how many there are in all."""

    total: int
    warnings: list[PublishedWarning]


def parse(raw: str) -> Query:
    """The query in ``raw``. Only letters a–z and digits of its folded form ever reach a database."""
    clean = " ".join(nfc(raw[:MAX_INPUT]).replace("\ufffd", " ").split())
    words = [word[:MAX_WORD] for word in _WORD.findall(fold(clean))]
    return Query(clean[:MAX_SHOWN], tuple(words[:MAX_WORDS]))


def searchable(text: str) -> str:
    """``text`` as the index holds it: folded words with single spaces."""
    return " ".join(_WORD.findall(fold(nfc(text))))


def find(query: Query, offset: int, limit: int) -> Found:
    """Warnings with every word of ``query``, best first: in two queries, or one when there are none.

    With marks in the query an exact match comes before a folded one; then the phrase before its single
    words, the title before the text, and the newest first.
    """
    if not query.words:
        return Found(0, [])
    try:
        results = get_search_backend().search(
            query.folded_phrase, _ranked(query), operator="and", order_by_relevance=False
        )
        total = results.count()
        return Found(total, list(results[offset : offset + limit]) if total > offset else [])
    except (DatabaseError, FieldError, FilterError, NotImplementedError):
        logger.exception("The search backend failed; searching without the index.")
    rows = _ranked(query)
    for word in query.words:
        rows = rows.filter(text_folded__contains=word)
    total = rows.count()
    return Found(total, list(rows[offset : offset + limit]) if total > offset else [])


def _ranked(query: Query) -> QuerySet[PublishedWarning]:
    marked = query.marked_phrase
    places: list[Q] = []
    if marked:
        places += [
            Q(title_marked__contains=marked),
            _all("title_marked", marked.split()),
            Q(text_marked__contains=marked),
            _all("text_marked", marked.split()),
        ]
    places += [
        Q(title_folded__contains=query.folded_phrase),
        _all("title_folded", query.words),
        Q(text_folded__contains=query.folded_phrase),
    ]
    ranks = [When(place, then=Value(number)) for number, place in enumerate(places)]
    return (
        PublishedWarning.objects.filter(state__in=[PublicState.PUBLISHED, PublicState.CORRECTED])
        .annotate(place=Case(*ranks, default=Value(len(ranks)), output_field=IntegerField()))
        .order_by(F("place").asc(), F("published_at").desc(), F("pk").desc())
    )


def _all(field: str, words: Iterable[str]) -> Q:
    return reduce(and_, (Q(**{f"{field}__contains": word}) for word in list(words)[:MAX_WORDS]))
