"""The server's answer to a search: in steps, from what was typed to what was probably meant.

The words are looked up in memory (memory.py), the warnings of one page of results in the database: the same on SQLite
and PostgreSQL, and there is no query syntax for a hostile input to break.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cms.portal.models import PublishedWarning
from cms.portal.search.corpus import VIETNAMESE, Corpus
from cms.portal.search.filters import NO_FILTERS, Filters, passing
from cms.portal.search.memory import Memory, places_of, up_to_date
from cms.portal.search.spelling import meant
from cms.portal.search.words import Query

LEAST_FOR_NEAR: Final = 3
"""With fewer words, half of them says nothing."""
MOST_CORRECTED: Final = 3
MOST_TRIED: Final = 6
"""For so many unknown words of a query the nearest known one is sought."""


class Step(StrEnum):
    """How the results were found; each step is taken when the one before finds nothing."""

    WORDS = "words"
    START = "start"
    """The last word is the beginning of one."""
    SPELLING = "spelling"
    """Words that stand nowhere are replaced by the nearest known ones."""
    NEAR = "near"
    """At least half of the words stand in the title."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results, how many there are in all, and how they were found."""

    total: int
    warnings: list[PublishedWarning]
    step: Step = Step.WORDS
    corrected: str = ""
    """The words looked for instead, with marks, in the step of that name."""


def find(
    query: Query, offset: int, limit: int, filters: Filters = NO_FILTERS, corpus: Corpus = VIETNAMESE
) -> Found:
    """Warnings of ``corpus`` that fit ``query`` and ``filters``, best first; without words, all that fit the filters.

    What is in force comes first. With marks in the query an exact match comes before a folded one; then the
    title before the text, in the title the phrase before its single words, and what became public last.
    """
    if not (query.words or filters):
        return Found(0, [])
    with up_to_date(corpus) as held:
        groups, step, corrected = _groups(held, query, passing(held, filters))
        total = sum(group.bit_count() for group in groups)
        numbers = [held.numbers[place] for place in _page(groups, offset, limit)]
    if not total:
        return Found(0, [])
    rows = corpus.rows().in_bulk(numbers) if numbers else {}
    # One that was withdrawn this very moment is not there any more.
    return Found(total, [rows[number] for number in numbers if number in rows], step, corrected)


def _groups(held: Memory, query: Query, among: int) -> tuple[list[int], Step, str]:
    """What fits, as groups of bits, the best first; within each the newest is first."""
    words = query.words
    if not words:
        return _by_age(held, [among]), Step.WORDS, ""
    groups = _whole(held, words, query.marked, among)
    if groups:
        return groups, Step.WORDS, ""
    if len(words[-1]) > 1:
        groups = _beginning(held, words, among)
        if groups:
            return groups, Step.START, ""
    better, shown = _corrected(held, words)
    if better:
        groups = _whole(held, better, (), among)
        if groups:
            return groups, Step.SPELLING, shown
    if len(words) >= LEAST_FOR_NEAR:
        return _near(held, words, among), Step.NEAR, ""
    return [], Step.WORDS, ""


def _page(groups: Iterable[int], offset: int, limit: int) -> list[int]:
    found: list[int] = []
    for group in groups:
        size = group.bit_count()
        if offset < size:
            found += places_of(group)[offset : offset + limit - len(found)]
        offset = max(offset - size, 0)
        if len(found) >= limit:
            break
    return found


def _whole(held: Memory, words: tuple[str, ...], marked: tuple[str, ...], among: int) -> list[int]:
    found = among & held.all("text_folded", words)
    if not found:
        return []
    places: list[int] = []
    for kind, wanted in (("marked", marked), ("folded", words)):
        if wanted:
            places += [
                held.phrase(f"title_{kind}", wanted, found),
                held.all(f"title_{kind}", wanted),
                held.all(f"text_{kind}", wanted),
            ]
    return _ranked(held, found, places)


def _beginning(held: Memory, words: tuple[str, ...], among: int) -> list[int]:
    def fits(column: str) -> int:
        others = held.all(column, words[:-1])
        return others & held.beginning(column, words[-1]) if others else 0

    return _ranked(held, among & fits("text_folded"), [fits("title_folded")])


def _near(held: Memory, words: tuple[str, ...], among: int) -> list[int]:
    unique = tuple(dict.fromkeys(words))
    # at_least[n]: warnings with n or more of the words in their title.
    at_least = [among, *(0 for _ in unique), 0]
    for word in unique:
        bits = held.word("title_folded", word)
        for number in range(len(unique), 0, -1):
            at_least[number] |= at_least[number - 1] & bits
    fewest = -(-len(unique) // 2)
    exactly = [at_least[number] & ~at_least[number + 1] for number in range(len(unique), fewest - 1, -1)]
    return [group for hits in exactly for group in _by_age(held, [hits])]


def _ranked(held: Memory, found: int, places: Iterable[int]) -> list[int]:
    groups: list[int] = []
    for place in places:
        groups.append(found & place)
        found &= ~place
    return _by_age(held, [*groups, found])


def _by_age(held: Memory, groups: list[int]) -> list[int]:
    """``groups`` of what is in force, then those of what is not; none of them empty."""
    split = [*(group & ~held.old for group in groups), *(group & held.old for group in groups)]
    return [group for group in split if group]


def _corrected(held: Memory, words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The words that were probably meant, and how to show them; empty when no better ones are known."""
    known = held.known()
    better: list[str] = []
    tried = looked_up = 0
    for word in words:
        instead: tuple[str, ...] = ()
        if word not in known and looked_up < MOST_CORRECTED and tried < MOST_TRIED:
            tried += 1
            instead = meant(word, known)
        if instead:
            looked_up += 1
            better += [word] if held.word("text_folded", word) else instead
        else:
            better.append(word)
    if tuple(better) == words:
        return (), ""
    shown = " ".join(known[word].marked if word in known else word for word in better)
    return tuple(better), shown
