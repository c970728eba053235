"""The word that was meant, for one that stands in no warning: one letter off, or two words run together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cms.portal.search.words import pairs

MOST_WORDS: Final = 20_000
LONG: Final = 8
"""From so many letters on two wrong ones are forgiven; below three, none."""
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(slots=True)
class Known:
    """A word of titles: how often it stands there, its commonest form with marks, and its letters as bits."""

    count: int
    marked: str
    letters: int


def count(forms_of: dict[str, dict[str, int]], words: Iterable[tuple[str, str]], times: int) -> None:
    """Count ``words`` of a title, (folded, marked) pairs, ``times`` more often in ``forms_of``."""
    for folded, marked in words:
        if len(folded) > 1 and _LETTERS.issuperset(folded):
            forms = forms_of.setdefault(folded, {})
            forms[marked] = forms.get(marked, 0) + times
            if not forms[marked]:
                del forms[marked]
                if not forms:
                    del forms_of[folded]


def ordered(forms_of: Mapping[str, Mapping[str, int]]) -> dict[str, Known]:
    """The words counted in ``forms_of`` by their folded form, the commonest first."""
    known = {
        word: Known(sum(forms.values()), min(forms, key=lambda form: (-forms[form], form)), _letters_of(word))
        for word, forms in forms_of.items()
    }
    order = sorted(known, key=lambda word: (-known[word].count, word))
    return {word: known[word] for word in order[:MOST_WORDS]}


def vocabulary(titles: Iterable[str]) -> dict[str, Known]:
    """The words of ``titles`` (columns *_marked) by their folded form, the commonest first."""
    forms_of: dict[str, dict[str, int]] = {}
    for title in titles:
        count(forms_of, pairs(title), 1)
    return ordered(forms_of)


def meant(word: str, known: Mapping[str, Known]) -> tuple[str, ...]:
    """The known word nearest to ``word``, or the two known words it consists of; empty when there is none."""
    if word in known or len(word) < 3 or not _LETTERS.issuperset(word):
        return ()
    parts = _split(word, known)
    allowed = 2 if len(word) >= LONG else 1
    letters = _letters_of(word)
    best: tuple[int, int, int, str] | None = None
    for candidate, entry in known.items():
        # One wrong letter changes at most two of the set: most words need not be compared at all.
        if (entry.letters ^ letters).bit_count() > 2 * allowed or abs(len(candidate) - len(word)) > allowed:
            continue
        off = distance(word, candidate, allowed)
        if off > allowed:
            continue
        place = (off, int(candidate[0] != word[0]), -entry.count, candidate)
        if best is None or place < best:
            best = place
    if parts and (best is None or best[0] > 1 or len(word) >= 5):
        return parts
    return (best[3],) if best is not None else ()


def distance(one: str, two: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; ``most`` + 1 when it is more than ``most``."""
    before_last: list[int] = []
    last = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, other in enumerate(two, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == two[column - 2] and one[row - 2] == other:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before_last, last = last, current
    return min(last[-1], most + 1)


def _letters_of(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - 97)
    return bits


def _split(word: str, known: Mapping[str, Known]) -> tuple[str, ...]:
    best: tuple[int, tuple[str, str]] | None = None
    for place in range(2, len(word) - 1):
        left, right = word[:place], word[place:]
        if left in known and right in known:
            rarer = min(known[left].count, known[right].count)
            if best is None or rarer > best[0]:
                best = (rarer, (left, right))
    return best[1] if best else ()
