"""The words of everything public in one language, in memory: for each word one long number, a bit per warning.

Words that stand together are then an “and” of two numbers. The first search of a process reads all warnings once;
afterwards only those are read that became public, changed or were withdrawn. What is out of date is never asked.
"""

from __future__ import annotations

import datetime as dt
import logging
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, Sum
from django.utils import timezone

from cms.portal.models import PublishedAudience, PublishedWarning
from cms.portal.search.corpus import VIETNAMESE, Corpus
from cms.portal.search.spelling import Known, count, ordered
from cms.portal.search.words import pairs

logger = logging.getLogger(__name__)
_WORDS: Final = ("title_marked", "title_folded", "text_marked", "text_folded")
_READ: Final = ("pk", "release_id", "scam_type_key", "severity", "published_at")
_FEW: Final = 300
"""More changed warnings than that are not named one by one in a query."""


def state_of_public() -> tuple[object, ...]:
    """Another value whenever what is public changed. Read from indexes alone: the rows are large."""
    counted = PublishedWarning.objects.order_by().aggregate(
        Count("pk"), Max("pk"), Max("published_at"), old=Count("pk", filter=Q(is_old=True))
    )
    # The release of a warning only ever grows: the sum shows each change, in whatever order they arrive.
    releases = PublishedWarning.objects.order_by().aggregate(Max("release_id"), Sum("release_id"))
    return (*counted.values(), *releases.values())


def bits_of(places: Iterable[int]) -> int:
    """The number with these bits set."""
    out = bytearray()
    for place in places:
        at = place >> 3
        if at >= len(out):
            out.extend(bytes(at + 1 - len(out)))
        out[at] |= 1 << (place & 7)
    return int.from_bytes(out, "little")


def places_of(bits: int) -> list[int]:
    """The bits set in ``bits``, the highest first."""
    digits = bin(bits)[2:]
    highest = len(digits) - 1
    found: list[int] = []
    at = digits.find("1")
    while at >= 0:
        found.append(highest - at)
        at = digits.find("1", at + 1)
    return found


class Memory:
    """A corpus by word and by filter. Bit n stands for the warning ``numbers[n]``; a higher one is newer."""

    def __init__(self, corpus: Corpus = VIETNAMESE) -> None:
        self._corpus = corpus
        self._state: tuple[object, ...] | None = None
        self._clear()

    def _clear(self) -> None:
        self.numbers: list[int] = []
        self.everything = 0
        self.old = 0
        self.words: dict[str, dict[str, int]] = {column: {} for column in _WORDS}
        self.facets: dict[tuple[str, object], int] = {}
        self.titles: dict[str, list[str]] = {"title_marked": [], "title_folded": []}
        self._places: dict[int, int] = {}
        self._releases: dict[int, int] = {}
        self._newest_release = 0
        self._forms: dict[str, dict[str, int]] = {}
        self._sorted: list[str] | None = None
        self._known: dict[str, Known] | None = None

    def word(self, column: str, word: str) -> int:
        """Warnings with ``word`` in ``column``."""
        return self.words[column].get(word, 0)

    def all(self, column: str, words: Iterable[str]) -> int:
        """Warnings with each of ``words`` in ``column``."""
        found = self.everything
        for word in words:
            found &= self.word(column, word)
        return found

    def phrase(self, column: str, words: tuple[str, ...], among: int) -> int:
        """Those of ``among`` whose title (``column``) has ``words`` one after the other."""
        found = among & self.all(column, words)
        if len(words) < 2:
            return found
        wanted, titles = f" {' '.join(words)} ", self.titles[column]
        return bits_of([place for place in places_of(found) if wanted in titles[place]])

    def beginning(self, column: str, start: str) -> int:
        """Warnings with a word in ``column`` that begins with ``start``."""
        if self._sorted is None:
            self._sorted = sorted(self.words["text_folded"])
        found = 0
        at = bisect_left(self._sorted, start)
        while at < len(self._sorted) and self._sorted[at].startswith(start):
            found |= self.word(column, self._sorted[at])
            at += 1
        return found

    def facet(self, kind: str, key: object) -> int:
        """Warnings that have ``key``; kinds are type, severity, audience and day (a local date)."""
        return self.facets.get((kind, key), 0)

    def between(self, since: dt.date | None, until: dt.date | None) -> int:
        """Warnings that became public on one of these days, both included."""
        found = 0
        for (kind, day), bits in self.facets.items():
            if kind != "day" or not isinstance(day, dt.date):
                continue
            if (since is None or day >= since) and (until is None or day <= until):
                found |= bits
        return found

    def known(self) -> dict[str, Known]:
        """The words of all titles, the commonest first."""
        if self._known is None:
            self._known = ordered(self._forms)
        return self._known

    def update(self) -> None:
        """Take in what changed since the last time; a few short queries when something did, two when not."""
        state = state_of_public()
        if state == self._state:
            return
        every = PublishedWarning.objects.order_by()
        hidden = self._corpus.hidden
        apart = every.filter(hidden | Q(is_old=True)).annotate(
            is_hidden=ExpressionWrapper(hidden, BooleanField())
        )
        others = set()
        old = []
        for pk, is_hidden in apart.values_list("pk", "is_hidden"):
            if is_hidden:
                others.add(pk)
            else:
                old.append(pk)
        releases = dict(every.values_list("pk", "release_id"))
        if len(releases) < len(self.numbers) or max(releases.values(), default=0) < self._newest_release:
            # Neither ever happens to one database: another was restored in its place.
            self._clear()
        self._newest_release = max(releases.values(), default=0)
        current = {pk: release for pk, release in releases.items() if pk not in others}
        self._drop([pk for pk, release in self._releases.items() if current.get(pk) != release])
        missing = [pk for pk in current if pk not in self._releases]
        unseen = [pk for pk in missing if pk not in self._places]
        if unseen and self.numbers and min(unseen) < self.numbers[-1]:
            # One with a lower number came later: the order of the bits would no longer be that of the numbers.
            self._clear()
            missing = list(current)
        self._read(missing)
        self.old = bits_of(self._places[pk] for pk in old if pk in self._releases)
        self._known = self._sorted = None
        self._state = state

    def _drop(self, numbers: list[int]) -> None:
        if not numbers:
            return
        mask = bits_of(self._places[number] for number in numbers)
        for words in self.words.values():
            _unset(words, mask)
        _unset(self.facets, mask)
        self.everything &= ~mask
        for number in numbers:
            count(self._forms, pairs(self.titles["title_marked"][self._places[number]]), -1)
            del self._releases[number]

    def _read(self, numbers: list[int]) -> None:
        rows = self._corpus.rows().order_by("pk")
        audiences = PublishedAudience.objects.order_by()
        if len(numbers) <= _FEW:
            rows = rows.filter(pk__in=numbers)
            audiences = audiences.filter(warning__in=numbers)
        wanted = set(numbers)
        places: dict[str, dict[str, array[int]]] = {column: {} for column in _WORDS}
        facets: dict[tuple[str, object], array[int]] = {}
        read: list[int] = []
        for texts, (number, release, scam_type, severity, published_at) in self._corpus.read(
            rows, _WORDS, *_READ
        ):
            if number not in wanted:
                continue
            place = self._place(number)
            read.append(place)
            self._releases[number] = release
            for column, text in zip(_WORDS, texts, strict=True):
                if column in self.titles:
                    self.titles[column][place] = text
                _add(places[column], set(text.split()), place)
            count(self._forms, pairs(texts[0]), 1)
            day = timezone.localdate(published_at)
            _add(facets, (("type", scam_type), ("severity", severity), ("day", day)), place)
        for number, key in audiences.values_list("warning_id", "key").iterator():
            if number in wanted and number in self._releases:
                _add(facets, (("audience", key),), self._places[number])
        for column in _WORDS:
            _set(self.words[column], places[column])
        _set(self.facets, facets)
        self.everything |= bits_of(read)

    def _place(self, number: int) -> int:
        if number not in self._places:
            self._places[number] = len(self.numbers)
            self.numbers.append(number)
            for titles in self.titles.values():
                titles.append("")
        return self._places[number]


def _add(places: dict[Any, array[int]], keys: Iterable[object], place: int) -> None:
    for key in keys:
        try:
            places[key].append(place)
        except KeyError:
            places[key] = array("I", (place,))


def _set(bits_by: dict[Any, int], places: dict[Any, array[int]]) -> None:
    for key, those in places.items():
        bits_by[key] = bits_by.get(key, 0) | bits_of(those)


def _unset(bits_by: dict[Any, int], mask: int) -> None:
    for key in [key for key, bits in bits_by.items() if bits & mask]:
        left = bits_by[key] & ~mask
        if left:
            bits_by[key] = left
        else:
            del bits_by[key]


_lock = Lock()
_memory: dict[str, Memory] = {}


@contextmanager
def up_to_date(corpus: Corpus = VIETNAMESE) -> Iterator[Memory]:
    """What is public of ``corpus`` now; nobody changes it meanwhile."""
    with _lock:
        held = _memory.setdefault(corpus.language, Memory(corpus))
        try:
            held.update()
        except BaseException:
            # Half an update would be answered from for ever.
            _memory.clear()
            raise
        yield held


def forget() -> None:
    """Give the memory back."""
    with _lock:
        _memory.clear()


def read_ahead() -> None:
    """Read everything in the background, so that the first who searches in this process need not wait."""

    def read() -> None:
        try:
            with up_to_date():
                pass
        except Exception:  # whatever it is, the first search meets it too
            logger.info("The search reads the warnings with its first query", exc_info=True)
        finally:
            connection.close()

    Thread(target=read, name="search", daemon=True).start()
