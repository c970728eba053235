"""Live web and e-mail addresses. A defanged one (hxxps://, [.], [@]) is not live."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from scam_warnings.detectors.found import Found, Private

# Bare hosts count only below endings in use: "TP.HCM", "v.v" and "1.990k" are none. Endings that are Vietnamese
# syllables too count only before a path: between two sentences the space is often forgotten ("mất tiền.Ca này").
_ENDINGS: Final = (
    "com|net|org|info|biz|vn|top|xyz|club|site|online|shop|vip|cc|io|click|live|app|icu|win|fun|store|buzz|work|"
    "asia|tk|ml|gq|cf|ru|cn|us|co|ly|gl|tv|ws|pro|dev|page|example|test|space|website|tech|bet|casino|loan|money|"
    "cash|finance|group|world|life|today|news|blog|cloud|host|press|mobi|cyou|sbs|cfd|lol|edu|gov|int|mil|hk|tw|"
    "jp|kr|sg|kh|uk|eu|pw|su"
)
_ENDINGS_WITH_PATH: Final = "me|link|la|to|ai|ga|in|id|is|im|my|th|ph|de|fr|au|ca|br|gg|gd|sh|st|nu"
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_WITH_SCHEME: Final = re.compile(
    r"(?<!\w)(?:https?|ftp)\s{0,2}:\s{0,2}//\s{0,2}(?:[^\s/@]+@)?"
    r"(?P<host>[^\s/?#<>\"'”’“)\]\[,;]+)(?P<rest>[/?#][^\s<>\"”“]*)?",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    rf"(?<![\w@.\[\]-])(?P<host>(?:{_LABEL}\.)+(?:(?:{_ENDINGS})(?![\w\]\[-]|\.\w)|(?:{_ENDINGS_WITH_PATH})(?=/\w)))"
    r"(?::\d{2,5})?(?P<rest>/[^\s<>\"”“]*)?",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?(?:@|\(at\)|\[at\])\s?(?P<host>(?:{_LABEL}\.)+[^\W\d_]{{2,24}})(?![\w\]\[-])",
    re.IGNORECASE,
)
_IP: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


@dataclass(frozen=True, slots=True)
class Address:
    """One live address, and whether it belongs to an authority."""

    found: Found
    official: bool


def links(text: str, official: Collection[str]) -> Iterator[Address]:
    """Live web addresses in undisguised ``text``; ``official`` are the domains whose hosts are an authority's."""
    taken: list[tuple[int, int]] = []
    for pattern in (_WITH_SCHEME, _BARE):
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            host = match["host"].rstrip(".,:;!?")
            if "." not in host and not host.isdigit():
                # The rest of it is defanged, or it is a name of one machine only.
                continue
            taken.append(match.span())
            # A name before the host is there to deceive, whatever the host.
            deceives = "@" in match[0].partition("//")[2].partition("/")[0]
            found = Found(Private.LINK, match[0].rstrip(".,;:!?"), *match.span())
            yield Address(found, not deceives and is_official(host, official))


def emails(text: str, official: Collection[str]) -> Iterator[Address]:
    """Live e-mail addresses in undisguised ``text``; outside the ``official`` domains they are somebody's own."""
    for match in _EMAIL.finditer(text):
        yield Address(Found(Private.EMAIL, match[0], *match.span()), is_official(match["host"], official))


def is_official(host: str, official: Collection[str]) -> bool:
    """True when ``host`` (a port may follow) is one of ``official`` or below one; never for a bare IP address."""
    name = host.lower().split(":", 1)[0].rstrip(".")
    if _IP.fullmatch(name):
        return name in official
    return any(name == domain or name.endswith(f".{domain}") for domain in official)
