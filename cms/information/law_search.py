"""Finding a document by number, date and words of its abstract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cms.core.text import fold, nfc
from cms.information.reading import Entry

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for; empty: everything."""

    words: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.since or self.until)


def read(values: Mapping[str, str]) -> Asked:
    """The form as it was filled in. What makes no sense is left out; it never fails."""
    words = values.get("q", "")[:_LONGEST].encode("utf-8", "ignore").decode()
    return Asked(" ".join(nfc(words).split()), _day(values.get("tu", "")), _day(values.get("den", "")))


def answering(entries: Iterable[Entry], asked: Asked) -> list[Entry]:
    """Those of ``entries`` that hold every word, with or without marks, and date from between the two days."""
    words = fold(asked.words).split()
    return [
        entry
        for entry in entries
        if all(word in fold(haystack(entry)) for word in words) and _between(entry.day, asked)
    ]


def haystack(entry: Entry) -> str:
    """Everything of a document that the words are looked for in."""
    law = entry.law or {}
    return " ".join([law.get("number", ""), entry.title, entry.summary, law.get("issuer", "")])


def _between(day: date | None, asked: Asked) -> bool:
    if asked.since is None and asked.until is None:
        return True
    if day is None:
        return False
    return (asked.since or day) <= day <= (asked.until or day)


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw[:10]) if len(raw) == 10 else None
    except ValueError:
        return None
