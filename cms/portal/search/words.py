"""What counts as a word, in a query and in a warning: with its marks, and folded to a–z and 0–9."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cms.core.text import fold, nfc

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


def parse(raw: str) -> Query:
    """The query in ``raw``. Only letters and digits of it ever reach a database."""
    clean = " ".join(nfc(raw[:MAX_INPUT]).replace("\ufffd", " ").split())
    words = _limited(_FOLDED_WORD.findall(fold(clean)))
    marked = _limited(_MARKED_WORD.findall(clean.casefold()))
    # A lone surrogate cannot be written out again.
    shown = clean[:MAX_SHOWN].encode("utf-8", "ignore").decode("utf-8")
    return Query(shown, words, marked if marked != words else ())


def folded_words(text: str) -> list[str]:
    """The words of ``text`` without marks."""
    return _FOLDED_WORD.findall(fold(nfc(text)))


def folded_column(text: str) -> str:
    """``text`` as the columns *_folded hold it: words without marks, a space on either side of each."""
    return f" {' '.join(folded_words(text))} "


def marked_column(text: str) -> str:
    """``text`` as the columns *_marked hold it: lower-case words with their marks."""
    return f" {' '.join(_MARKED_WORD.findall(nfc(text).casefold()))} "


def pairs(marked: str) -> Iterator[tuple[str, str]]:
    """(folded, marked) for each word of the column ``marked``, in order."""
    for word in marked.split():
        for folded in _folded_parts(word):
            yield folded, word


@lru_cache(maxsize=20_000)
def _folded_parts(word: str) -> tuple[str, ...]:
    return tuple(_FOLDED_WORD.findall(fold(word)))


def _limited(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word[:MAX_WORD] for word in list(words)[:MAX_WORDS])
