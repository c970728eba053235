"""The one gate for HTML from outside: nh3, then bleach's linker with a host allow-list, then nh3 again.

nh3 is the gate because bleach gets no more security fixes; bleach stays for its linker only. A quoted scam
address is never clickable: only hosts below ALLOWED_LINK_HOSTS become, or stay, links.
"""

import html
import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import bleach  # noqa: TID251
import nh3  # noqa: TID251

from cms.core.text import nfc

ALLOWED_LINK_HOSTS = ("gov.vn", "bocongan.gov.vn")
_LINK_ATTRIBUTES = {"a": {"href"}}
_BLOCK_END = re.compile(r"<br\s*/?>|</(?:p|li|h[1-6]|div|tr|blockquote)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of tags; there are no others."""

    tags: frozenset[str]


RICH_TEXT = Profile(
    frozenset({"p", "br", "strong", "b", "em", "i", "a", "ul", "ol", "li", "h2", "h3", "h4", "blockquote"})
)
INLINE = Profile(frozenset({"strong", "b", "em", "i", "br", "a"}))

# html5lib keys: (namespace, name), and "_text" for the visible text of a link.
_Attributes = MutableMapping[Any, str]


def clean_html(markup: str, profile: Profile = RICH_TEXT) -> str:
    """Safe HTML of ``profile``; addresses of allowed hosts are links, every other address is plain text."""
    gated = _gate(nfc(markup), profile)
    if "a" in profile.tags:
        # bleach's stubs deny that a callback may return None, which removes the link.
        callbacks: Any = [_only_official]
        gated = bleach.linkify(gated, callbacks=callbacks, skip_tags=["pre"], parse_email=False)
    return _gate(gated, profile)


def plain_text(markup: str) -> str:
    """The text of ``markup`` without any tag, in NFC, one line a block; script and style content is dropped."""
    spaced = _BLOCK_END.sub("\n", nfc(markup))
    return nfc(html.unescape(nh3.clean(spaced, tags=set(), link_rel=None))).strip()


def is_official_host(host: str) -> bool:
    """True for an allowed host or a host below one."""
    host = host.lower().rstrip(".")
    return any(host == allowed or host.endswith(f".{allowed}") for allowed in ALLOWED_LINK_HOSTS)


def _gate(markup: str, profile: Profile) -> str:
    return nh3.clean(
        markup,
        tags=set(profile.tags),
        attributes=_LINK_ATTRIBUTES if "a" in profile.tags else {},
        url_schemes={"https", "http", "tel"},
        link_rel="nofollow noopener" if "a" in profile.tags else None,
    )


def _only_official(attributes: _Attributes, new: bool = False) -> _Attributes | None:
    href = attributes.get((None, "href"), "")
    parts = urlsplit(href)
    if parts.scheme == "tel" and not new:
        return attributes
    try:
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.username or parts.password or not is_official_host(host):
        return None
    if new and href.startswith("http://"):
        attributes[None, "href"] = "https://" + href.removeprefix("http://")
    return attributes
