"""Search that forgives missing marks and survives any input.

Whole words are matched in plain columns, not in the search engine's index: with 10,000 warnings on SQLite that
takes 20–40 ms where the engine's full-text query takes 0.4–1.8 s, it is the same on PostgreSQL, and there is
no query syntax for a hostile input to break.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from cms.core.text import fold, nfc
from cms.portal.models import PublishedWarning
from cms.portal.reading import listed

MAX_INPUT: Final = 1000
MAX_SHOWN: Final = 120
MAX_WORDS: Final = 12
MAX_WORD: Final = 40
_FOLDED_WORD: Final = re.compile(r"[a-z0-9]+")
_MARKED_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: as shown back to the reader, and as plain words, ``marked`` only if any has marks."""

    shown: str
    words: tuple[str, ...]
    marked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results, and how many there are in all."""

    total: int
    warnings: list[PublishedWarning]


def parse(raw: str) -> Query:
    """The query in ``raw``. Only letters and digits of it ever reach a database."""
    clean = " ".join(nfc(raw[:MAX_INPUT]).replace("\ufffd", " ").split())
    words = _limited(_FOLDED_WORD.findall(fold(clean)))
    marked = _limited(_MARKED_WORD.findall(clean.casefold()))
    return Query(clean[:MAX_SHOWN], words, marked if marked != words else ())


def folded_column(text: str) -> str:
    """``text`` as the columns *_folded hold it: words without marks, a space on either side of each."""
    return f" {' '.join(_FOLDED_WORD.findall(fold(nfc(text))))} "


def marked_column(text: str) -> str:
    """``text`` as the columns *_marked hold it: lower-case words with their marks."""
    return f" {' '.join(_MARKED_WORD.findall(nfc(text).casefold()))} "


def find(query: Query, offset: int, limit: int) -> Found:
    """Warnings with every word of ``query``, best first: in two queries, or one when there are none.

    With marks in the query an exact match comes before a folded one; then the phrase before its single
    words, the title before the text, and the newest first.
    """
    if not query.words:
        return Found(0, [])
    matching = listed().filter(_all("text_folded", query.words))
    total = matching.count()
    return Found(total, list(_ranked(matching, query)[offset : offset + limit]) if total > offset else [])


def _ranked(rows: QuerySet[PublishedWarning], query: Query) -> QuerySet[PublishedWarning]:
    places: list[Q] = []
    for kind, words in (("marked", query.marked), ("folded", query.words)):
        if words:
            for column in (f"title_{kind}", f"text_{kind}"):
                places += [_all(column, [" ".join(words)]), _all(column, words)]
    ranks = [When(place, then=Value(number)) for number, place in enumerate(places)]
    place = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return rows.order_by(place, F("published_at").desc(), F("pk").desc())


def _all(column: str, words: Iterable[str]) -> Q:
    return reduce(and_, (Q(**{f"{column}__contains": f" {word} "}) for word in words))


def _limited(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word[:MAX_WORD] for word in list(words)[:MAX_WORDS])
