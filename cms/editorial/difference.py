"""The difference of two texts, word by word: pieces that put together give either text back exactly."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
CONTEXT: Final = 12
"""Words that stay open on each side of a change."""
FOLDED_FROM: Final = 20
"""Fewer words than this are not worth folding."""

SAME: Final = "same"
ADDED: Final = "added"
REMOVED: Final = "removed"
FOLDED: Final = "folded"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: same, added, removed, or same and folded away."""

    kind: str
    text: str

    @property
    def words(self) -> int:
        """How many words are in it."""
        return len(self.text.split())


def difference(old: str, new: str) -> list[Piece]:
    """``old`` and ``new`` in pieces; without those added they are ``old``, without those removed ``new``."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    steps: list[Piece] = []
    for step, first, last, start, end in matcher.get_opcodes():
        if step == "equal":
            steps.append(Piece(SAME, "".join(before[first:last])))
            continue
        if first < last:
            steps.append(Piece(REMOVED, "".join(before[first:last])))
        if start < end:
            steps.append(Piece(ADDED, "".join(after[start:end])))
    return list(_joined(steps))


def old_of(pieces: Iterable[Piece]) -> str:
    """The text before."""
    return "".join(piece.text for piece in pieces if piece.kind != ADDED)


def new_of(pieces: Iterable[Piece]) -> str:
    """The text after."""
    return "".join(piece.text for piece in pieces if piece.kind != REMOVED)


def folded(pieces: list[Piece]) -> list[Piece]:
    """``pieces`` with the middle of long unchanged parts folded; nothing is left out."""
    found: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind != SAME:
            found.append(piece)
            continue
        tokens = _TOKEN.findall(piece.text)
        begin = 0 if place == 0 else _after_words(tokens, CONTEXT)
        end = len(tokens) if place == len(pieces) - 1 else _before_words(tokens, CONTEXT)
        middle = "".join(tokens[begin:end])
        if begin >= end or len(middle.split()) < FOLDED_FROM:
            found.append(piece)
            continue
        parts = (
            Piece(SAME, "".join(tokens[:begin])),
            Piece(FOLDED, middle),
            Piece(SAME, "".join(tokens[end:])),
        )
        found += [part for part in parts if part.text]
    return found


def _after_words(tokens: list[str], count: int) -> int:
    """The place after the first ``count`` words."""
    for place, token in enumerate(tokens):
        if token.strip() and token[0].isalnum():
            count -= 1
            if not count:
                return place + 1
    return len(tokens)


def _before_words(tokens: list[str], count: int) -> int:
    return len(tokens) - _after_words(tokens[::-1], count)


def _joined(steps: list[Piece]) -> Iterator[Piece]:
    """Changes with a single word or only space between them read as one: first what went, then what came."""
    place = 0
    while place < len(steps):
        if steps[place].kind == SAME:
            yield steps[place]
            place += 1
            continue
        end = place
        while end < len(steps) and _goes_on(steps, end):
            end += 1
        removed, added = old_of(steps[place:end]), new_of(steps[place:end])
        if removed:
            yield Piece(REMOVED, removed)
        if added:
            yield Piece(ADDED, added)
        place = end


def _goes_on(steps: list[Piece], place: int) -> bool:
    piece = steps[place]
    if piece.kind != SAME:
        return True
    return piece.words <= 1 and "\n" not in piece.text and place + 1 < len(steps)
