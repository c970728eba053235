"""The index the browser searches in: which warnings have which word, made anew whenever one changed.

A warning is named by its number in the read model, which never changes: a file stays right when others do.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from cms.portal.audiences import INTERNAL
from cms.portal.models import PublishedWarning
from cms.portal.search.coding import number, rising, signed
from cms.portal.search.corpus import VIETNAMESE, Corpus
from cms.portal.search.memory import state_of_public
from cms.portal.search.shards import is_indexed
from cms.portal.search.spelling import vocabulary
from cms.portal.search.words import pairs

FIRST_DAY: Final = date(2020, 1, 1)
"""Day 0 of the index."""
_TEXTS: Final = ("title_marked", "text_marked")
_COLUMNS: Final = ("pk", "scam_type_key", "severity", "published_at", "is_old", "snapshot__audiences")


@dataclass(slots=True)
class Places:
    """Where one form of a word stands: (warning, place in the title) pairs, and warnings with it anywhere."""

    titles: array[int] = field(default_factory=lambda: array("I"))
    texts: array[int] = field(default_factory=lambda: array("I"))


@dataclass(slots=True)
class Index:
    """The whole index; ``last`` is the number of the newest warning in it."""

    last: int
    words: dict[str, dict[str, Places]]
    facets: dict[str, dict[str, list[int]]]
    days: list[tuple[int, int]]
    known: list[list[Any]]
    by_shard: dict[str, list[str]]


def day_number(day: date) -> int:
    """Days since FIRST_DAY, 0 for earlier ones."""
    return max((day - FIRST_DAY).days, 0)


def words_of(title: str, text: str) -> dict[tuple[str, str], list[int]]:
    """(folded, marked) words of a warning with their places in the title, none for words of the text alone."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, pair in enumerate(pairs(title)):
        found.setdefault(pair, []).append(place)
    for pair in pairs(" ".join(dict.fromkeys(text.split()))):
        found.setdefault(pair, [])
    return {pair: places for pair, places in found.items() if is_indexed(pair[0])}


def shard_file(name: str, corpus: Corpus = VIETNAMESE) -> dict[str, Any] | None:
    """The file of shard ``name``; None when there is no such shard."""
    if name not in corpus.shards:
        return None
    index = _index(corpus)
    return {
        "last": index.last,
        "words": {
            word: [
                [form, _pairs(places.titles), rising(places.texts)]
                for form, places in sorted(index.words[word].items())
            ]
            for word in index.by_shard.get(name, [])
        },
    }


def facet_file(name: str, corpus: Corpus = VIETNAMESE) -> dict[str, Any] | None:
    """The file of one filter; None when there is no such filter."""
    index = _index(corpus)
    if name == "ngay":
        return {
            "last": index.last,
            "ids": rising(pk for pk, _day in index.days),
            "days": signed(day for _pk, day in index.days),
        }
    if name not in index.facets:
        return None
    return {
        "last": index.last,
        "keys": {key: rising(values) for key, values in sorted(index.facets[name].items())},
    }


def vocabulary_file(corpus: Corpus = VIETNAMESE) -> dict[str, Any]:
    """The words of titles, the commonest first: [with marks, how often]."""
    return {"words": _index(corpus).known}


def _build(corpus: Corpus) -> Index:
    words: dict[str, dict[str, Places]] = {}
    facets: dict[str, dict[str, list[int]]] = {"hinh-thuc": {}, "doi-tuong": {}, "muc": {}, "cu": {}}
    days: list[tuple[int, int]] = []
    titles: list[str] = []
    last = PublishedWarning.objects.aggregate(Max("pk"))["pk__max"] or 0
    rows = corpus.rows().filter(pk__lte=last).order_by("pk")
    for (title, text), values in corpus.read(rows, _TEXTS, *_COLUMNS):
        pk, scam_type, severity, published_at, is_old, audiences = values
        titles.append(title)
        for (folded, marked), places in words_of(title, text).items():
            forms = words.setdefault(folded, {})
            entry = forms.get(marked)
            if entry is None:
                entry = forms[marked] = Places()
            entry.texts.append(pk)
            for place in places:
                entry.titles.append(pk)
                entry.titles.append(place)
        facets["hinh-thuc"].setdefault(scam_type, []).append(pk)
        facets["muc"].setdefault(severity, []).append(pk)
        for audience in audiences or ():
            if audience["key"] not in INTERNAL:
                facets["doi-tuong"].setdefault(audience["key"], []).append(pk)
        if is_old:
            facets["cu"].setdefault("cu", []).append(pk)
        days.append((pk, day_number(timezone.localdate(published_at))))
    by_shard: dict[str, list[str]] = {}
    for word in sorted(words):
        by_shard.setdefault(corpus.shard(word), []).append(word)
    known = [[entry.marked, entry.count] for entry in vocabulary(titles).values()]
    return Index(last, words, facets, days, known, by_shard)


def _pairs(titles: array[int]) -> str:
    out: list[str] = []
    last = 0
    for place in range(0, len(titles), 2):
        out += number(titles[place] - last), number(titles[place + 1])
        last = titles[place]
    return "".join(out)


_lock = Lock()
_made: dict[str, tuple[tuple[object, ...], Index]] = {}
"""By language: what it was made of, and the index."""


def _index(corpus: Corpus) -> Index:
    """The index of what is public now; the same object as long as nothing changed."""
    state = state_of_public()
    with _lock:
        made = _made.get(corpus.language)
        if made is None or made[0] != state:
            made = _made[corpus.language] = (state, _build(corpus))
        return made[1]


def forget() -> None:
    """Give the memory back: called when every file is written."""
    with _lock:
        _made.clear()
