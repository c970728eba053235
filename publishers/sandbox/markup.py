"""Hostile text to inert HTML: escaping, links, mentions, times in Vietnam."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from html import escape

from publishers.sandbox.strings import EVERYONE
from publishers.sandbox.zalo_messages import MENTION

# Asia/Ho_Chi_Minh has been UTC+7 without summer time since 1975.
VIETNAM = timezone(timedelta(hours=7))
_URL = re.compile(r"https?://[^\s<>\"'`\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}…”’"
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def rich(text: str) -> str:
    """Escaped text with http(s) addresses as links that pass no trust on."""
    text = _BIDI.sub("", text)
    out: list[str] = []
    end = 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(_TRAILING)
        if "://" not in url[:-1]:
            continue
        out.append(escape(text[end : match.start()]))
        out.append(f'<a href="{escape(url)}" rel="nofollow noopener noreferrer ugc">{escape(url)}</a>')
        end = match.start() + len(url)
    out.append(escape(text[end:]))
    return "".join(out)


def safe_link(url: str) -> str:
    """``url`` for an attribute if it is a whole http(s) address, else empty."""
    return escape(url) if _URL.fullmatch(url) else ""


def rich_message(text: str, group_id: str) -> str:
    """As ``rich``, with the mention tokens of a group shown the way members see them."""
    out: list[str] = []
    end = 0
    for match in MENTION.finditer(text):
        name = EVERYONE if match[1] == group_id else f"@{match[1]}"
        out.append(rich(text[end : match.start()]))
        out.append(f'<span class="mention">{escape(name)}</span>')
        end = match.end()
    out.append(rich(text[end:]))
    return "".join(out)


def local(moment: float) -> datetime:
    """Unix seconds as a time in Vietnam."""
    return datetime.fromtimestamp(moment, VIETNAM)


def time_tag(moment: float, form: str = "%d/%m/%Y %H:%M") -> str:
    """A ``time`` element: dd/mm/yyyy HH:MM in Vietnam."""
    at = local(moment)
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{at.strftime(form)}</time>'


def thousands(count: int) -> str:
    """12345 as 12.345."""
    return f"{count:,}".replace(",", ".")
