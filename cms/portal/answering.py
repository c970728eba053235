"""What differs from address to address in how a finished file goes out: media type, readers, frames, keeping.

One table for Django's answers and for the files ahead of it; docs/open-data.md says what nginx has to add.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.http import HttpResponse

WIDGET: Final = "/nhung/"
WORKER: Final = "/sw.js"
PUBLIC_DATA: Final = ("/api/", "/feeds/", "/cap/", "/du-lieu-mo/canh-bao.")
_MEDIA_TYPES: Final = {
    ".rss.xml": "application/rss+xml; charset=utf-8",
    ".atom.xml": "application/atom+xml; charset=utf-8",
    ".feed.json": "application/feed+json; charset=utf-8",
}
_CAP: Final = "application/cap+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one address is answered; the empty media type leaves it to the file's name."""

    media_type: str = ""
    open_to_all_sites: bool = False
    """Scripts of other sites may read it: public data, the same for everybody, nothing of a session."""
    framed_anywhere: bool = False
    always_asked_for: bool = False
    """No browser keeps it without asking again."""


@lru_cache(maxsize=2048)
def manner(path: str) -> Manner:
    """How ``path`` is answered."""
    if path == WORKER:
        return Manner(always_asked_for=True)
    if path.startswith(WIDGET):
        return Manner(framed_anywhere=True)
    if not path.startswith(PUBLIC_DATA):
        return Manner()
    media_type = next((made for ending, made in _MEDIA_TYPES.items() if path.endswith(ending)), "")
    return Manner(media_type or (_CAP if path.startswith("/cap/") else ""), open_to_all_sites=True)


def extra_headers(path: str) -> tuple[tuple[str, str], ...]:
    """(name, value) pairs that ``path`` has besides those of every page."""
    found = manner(path)
    headers = [("Access-Control-Allow-Origin", "*")] if found.open_to_all_sites else []
    if found.always_asked_for:
        headers.append(("Cache-Control", "no-cache"))
    return tuple(headers)


def respond(path: str, body: str | bytes, media_type: str = "") -> HttpResponse:
    """An answer with the media type of the finished file of ``path``; ``media_type`` where the table has none."""
    return HttpResponse(body, content_type=manner(path).media_type or media_type)
