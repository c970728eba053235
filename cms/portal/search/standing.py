"""The pages that are no warnings, for the search: handbook, law, scam types and whatever else a part offers.

One small file, for there are some dozens of them; the browser answers from it with the same rule as the server.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cms.core.text import clip
from cms.portal import addresses, library
from cms.portal.search.words import folded_words

SHOWN: Final = 5
SUMMARY: Final = 160
SHORTEST_START: Final = 2
"""Letters of the last word from which it may be the beginning of one."""


@dataclass(frozen=True, slots=True)
class StandingPage:
    """One page: ``kind`` as readers call it, ``text`` all its words besides title and summary."""

    url: str
    kind: str
    title: str
    summary: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A part that offers pages; as long as ``state`` says the same, so does ``pages``."""

    state: Callable[[], Any]
    pages: Callable[[str], Iterable[StandingPage]]
    """The pages in one language."""


@dataclass(frozen=True, slots=True)
class _Known:
    page: StandingPage
    title: frozenset[str]
    words: tuple[str, ...]
    """All its words, those of the title first."""


_sources: list[Source] = []
_lock = Lock()
_made: dict[str, tuple[Any, list[_Known]]] = {}
"""By language: what the sources said, and the pages."""


def offer(source: Source) -> None:
    """Called once by each part, when its app is ready."""
    _sources.append(source)


def find(words: Sequence[str], language: str = settings.LANGUAGE_CODE) -> list[StandingPage]:
    """At most SHOWN pages in ``language`` with all the folded ``words``, those with most of them in the title first."""
    if not words:
        return []
    found = [(known, place) for place, known in enumerate(_known(language)) if _has_all(known.words, words)]
    found.sort(key=lambda item: (-_in_title(item[0].title, words), item[1]))
    return [known.page for known, _place in found[:SHOWN]]


def file(language: str = settings.LANGUAGE_CODE) -> dict[str, Any]:
    """What the browser answers from."""
    return {
        "shown": SHOWN,
        "pages": [
            {
                "url": known.page.url,
                "kind": known.page.kind,
                "title": known.page.title,
                "summary": clip(known.page.summary, SUMMARY),
                "words": " ".join(known.words),
            }
            for known in _known(language)
        ],
    }


def forget() -> None:
    """Give the memory back."""
    with _lock:
        _made.clear()


def _known(language: str) -> list[_Known]:
    state = tuple(source.state() for source in _sources)
    with _lock:
        made = _made.get(language)
        if made is None or made[0] != state:
            with override(language):
                made = _made[language] = (state, [_read(page) for page in _pages(language)])
        return made[1]


def _pages(language: str) -> list[StandingPage]:
    found = {page.url: page for source in _sources for page in source.pages(language)}
    if language != settings.LANGUAGE_CODE:
        return list(found.values())
    # The forms whose names ship with the product, where nobody explained them yet.
    for told in library.shipped():
        url = addresses.scam_type(told.key)
        text = f"{told.official_name} {told.group_name}"
        found.setdefault(url, StandingPage(url, str(_("Scam type")), told.name, "", text))
    return list(found.values())


def _read(page: StandingPage) -> _Known:
    title = folded_words(page.title)
    words = dict.fromkeys([*title, *folded_words(page.summary), *folded_words(page.text)])
    return _Known(page, frozenset(title), tuple(words))


def _has_all(known: Sequence[str], words: Sequence[str]) -> bool:
    *whole, last = words
    if not all(word in known for word in whole):
        return False
    return last in known or (len(last) >= SHORTEST_START and any(word.startswith(last) for word in known))


def _in_title(title: frozenset[str], words: Sequence[str]) -> int:
    return sum(word in title for word in words)
