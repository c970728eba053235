"""What a pasted text names: reference codes, addresses on our portal, other addresses, accounts.

static/portal/verify/core.js does the same in the browser (tests/portal/verify/vectors.json).
"""

import re
from dataclasses import dataclass
from typing import Final

from cms.core.text import fold, nfc
from cms.portal.addresses import SLUG_PATTERN

MAX_INPUT: Final = 5000
MOST: Final = 10
"""Of each sort; what comes after is not looked at."""
_EDGE: Final = r"(?<![A-Za-z0-9])"
_GAP: Final = r"[\s_.\-\u2010-\u2015]{0,3}"
_CODE: Final = re.compile(rf"{_EDGE}cb{_GAP}([0-9]{{4}}){_GAP}([0-9]{{5,9}})(?![0-9])", re.IGNORECASE)
_DEFANGED: Final = re.compile(r"\s?[\[({]\s?(?:\.|dot|chấm)\s?[\])}]\s?", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"h(?:tt|xx)ps?://[^\s<>\"'“”]{1,500}"
    r"|(?<![\w@.\-])(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}(?![\w@])"
    r"(?::[0-9]{1,5})?(?:/[^\s<>\"'“”]{0,500})?",
    re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.\-]*://", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]}»…"
_OWN_WARNING: Final = re.compile(rf"(?:/en)?/canh-bao/({SLUG_PATTERN})/?")
_OWN_SHORT: Final = re.compile(r"/cb/cb-([0-9]{4})-([0-9]{5,9})(?:\.[0-9]{1,4})?/?", re.IGNORECASE)
_ACCOUNT_HOSTS: Final = {
    "facebook.com": "facebook.com",
    "fb.com": "facebook.com",
    "fb.me": "facebook.com",
    "zalo.me": "zalo.me",
    "tiktok.com": "tiktok.com",
    "youtube.com": "youtube.com",
    "t.me": "t.me",
    "telegram.me": "t.me",
}
_PREFIXES: Final = ("www.", "m.", "web.", "vi-vn.", "oa.")
_PROFILE: Final = re.compile(r"(?:^|&)id=([0-9]{3,30})(?:&|$)")


@dataclass(frozen=True, slots=True)
class Named:
    """What was recognised, each in the order of the text and once."""

    codes: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    """Of warnings addressed on our portal."""
    pages: tuple[str, ...] = ()
    """Other paths on our portal."""
    strangers: tuple[str, ...] = ()
    """Hosts that are not ours."""
    accounts: tuple[str, ...] = ()
    """Accounts on platforms, as ``account_key`` writes them."""


def recognise(raw: str, own_host: str) -> Named:
    """What ``raw`` names. ``own_host`` is the portal's host, with its port if it has one."""
    text = _DEFANGED.sub(".", nfc(raw[:MAX_INPUT]))
    codes: list[str] = []
    slugs: list[str] = []
    pages: list[str] = []
    strangers: list[str] = []
    accounts: list[str] = []
    rest = text
    for match in _ADDRESS.finditer(text):
        written = match[0].rstrip(_TRAILING)
        rest = rest.replace(match[0], " ", 1)
        host, path, query = _parts(written)
        if not host:
            continue
        if host in (own_host, f"www.{own_host}"):
            short, page = _OWN_SHORT.fullmatch(path), _OWN_WARNING.fullmatch(path)
            if short:
                codes.append(f"CB-{short[1]}-{short[2]}")
            elif page:
                slugs.append(page[1])
            else:
                pages.append(path or "/")
        elif key := _account(host, path, query):
            accounts.append(key)
        else:
            strangers.append(host)
    codes += [f"CB-{match[1]}-{match[2]}" for match in _CODE.finditer(rest)]
    return Named(
        *(tuple(dict.fromkeys(found))[:MOST] for found in (codes, slugs, pages, strangers, accounts))
    )


def account_key(url: str) -> str:
    """How accounts are compared: host and name without www, m, scheme, case and query; empty for other addresses."""
    host, path, query = _parts(url.strip())
    return _account(host, path, query)


def is_name(raw: str, name: str) -> bool:
    """True when ``raw`` is nothing but ``name``, marks and case aside."""
    return bool(name) and " ".join(fold(nfc(raw[:MAX_INPUT])).split()) == " ".join(fold(nfc(name)).split())


def _parts(written: str) -> tuple[str, str, str]:
    """(host with its port, path, query), in lower case but the path."""
    # By hand and not by a library: the browser must come to the same.
    address = _SCHEME.sub("", written.replace("\\", "/"))
    address = address.partition("#")[0]
    place = min((address.find(mark) for mark in "/?" if mark in address), default=len(address))
    authority, after = address[:place], address[place:]
    path, _mark, query = after.partition("?")
    # What stands before an @ is no host: https://ours@theirs is theirs.
    return authority.rpartition("@")[2].lower().rstrip("."), path, query


def _account(host: str, path: str, query: str) -> str:
    for prefix in _PREFIXES:
        if host.startswith(prefix) and host[len(prefix) :] in _ACCOUNT_HOSTS:
            host = host[len(prefix) :]
    platform = _ACCOUNT_HOSTS.get(host)
    if platform is None:
        return ""
    pieces = [piece for piece in path.lower().split("/") if piece]
    if pieces and pieces[0] == "profile.php":
        found = _PROFILE.search(query)
        pieces = [found[1]] if found else []
    if pieces and pieces[0] == "pg" and len(pieces) > 1:
        pieces = pieces[1:]
    if not pieces:
        return ""
    kept = 2 if pieces[0] in {"g", "groups"} else 3 if pieces[0] == "people" else 1
    return f"{platform}/{'/'.join(pieces[:kept])}"
