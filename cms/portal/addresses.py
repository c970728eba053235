"""The portal's addresses: ASCII, permanent, the same wherever they are built."""

import re
from typing import Final

from django.conf import settings

from scam_warnings.snapshot import Picture

HOME: Final = "/"
LIST: Final = "/canh-bao/"
TYPES: Final = "/hinh-thuc/"
AUDIENCES: Final = "/doi-tuong/"
COMPONENTS: Final = "/thanh-phan/"
CORRECTIONS: Final = "/dinh-chinh/"
SEARCH: Final = "/tim-kiem/"
VERIFY: Final = "/xac-minh/"
VERIFY_KEYS: Final = "/xac-minh/khoa.json"
VERIFY_ACCOUNTS: Final = "/xac-minh/tai-khoan.json"
SELF_CHECK: Final = "/kiem-tra/"
MESSAGE_CHECK: Final = "/kiem-tra/tin-nhan/"
MESSAGE_DATA: Final = "/kiem-tra/tin-nhan/du-lieu.json"
SITEMAP: Final = "/sitemap.xml"
ROBOTS: Final = "/robots.txt"
RSS: Final = "/feeds/canh-bao.rss.xml"
ATOM: Final = "/feeds/canh-bao.atom.xml"
JSON_FEED: Final = "/feeds/canh-bao.feed.json"
ENGLISH_FEEDS: Final = tuple(
    f"/feeds/en/canh-bao.{ending}" for ending in ("rss.xml", "atom.xml", "feed.json")
)
FAVICON: Final = "/favicon.ico"
NOT_FOUND: Final = "/404.html"
ENGLISH: Final = "/en/"
ENGLISH_LIST: Final = "/en/canh-bao/"
ENGLISH_SEARCH: Final = "/en/tim-kiem/"
ENGLISH_VERIFY: Final = "/en/xac-minh/"
ANSWERED: Final = frozenset({SEARCH, ENGLISH_SEARCH, VERIFY, ENGLISH_VERIFY})
"""Finished pages that are asked with a query string too: the CMS answers those."""
RESERVED_SLUGS: Final = frozenset({"trang"})
"""Stand below LIST already."""

SLUG_PATTERN: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
CODE_PATTERN: Final = r"[Cc][Bb]-[0-9]{4}-[0-9]{5,9}(?:\.[0-9]{1,4})?"
_EXTENSIONS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_slug = re.compile(SLUG_PATTERN)


def is_public_slug(slug: str) -> bool:
    """True when a warning can have the address ``slug``."""
    return bool(_slug.fullmatch(slug)) and slug not in RESERVED_SLUGS


def warning(slug: str) -> str:
    """Path of a warning."""
    return f"{LIST}{slug}/"


def english_warning(slug: str) -> str:
    """Path of the English version of a warning."""
    return f"{ENGLISH_LIST}{slug}/"


def english_list_page(number: int) -> str:
    """Path of page ``number`` (from 1) of the warnings in English."""
    return ENGLISH_LIST if number == 1 else f"{ENGLISH_LIST}trang/{number}/"


def list_page(number: int) -> str:
    """Path of page ``number`` (from 1) of all warnings."""
    return LIST if number == 1 else f"{LIST}trang/{number}/"


def scam_type(key: str, number: int = 1) -> str:
    """Path of page ``number`` (from 1) of the warnings of one scam type."""
    return f"{TYPES}{key}/" if number == 1 else f"{TYPES}{key}/trang/{number}/"


def audience(key: str, number: int = 1) -> str:
    """Path of page ``number`` (from 1) of the warnings for one audience."""
    return f"{AUDIENCES}{key}/" if number == 1 else f"{AUDIENCES}{key}/trang/{number}/"


def corrections_page(number: int) -> str:
    """Path of page ``number`` (from 1) of the log of corrections and withdrawals."""
    return CORRECTIONS if number == 1 else f"{CORRECTIONS}trang/{number}/"


def feeds_of(type_key: str) -> tuple[str, str, str]:
    """Paths of the feeds of one scam type: RSS, Atom, JSON Feed."""
    stem = f"/feeds/hinh-thuc/{type_key}"
    return f"{stem}.rss.xml", f"{stem}.atom.xml", f"{stem}.feed.json"


def language_of(path: str) -> str:
    """The language of the page at ``path``: English below /en/, else the portal's."""
    return "en" if path.startswith(ENGLISH) else settings.LANGUAGE_CODE


def home(language: str) -> str:
    """Path of the home page in ``language``."""
    return ENGLISH if language == "en" else HOME


def alternates(vietnamese: str, english: str) -> dict[str, str]:
    """``hreflang`` with absolute address, for a page that stands in both languages."""
    return {settings.LANGUAGE_CODE: absolute(vietnamese), "en": absolute(english)}


def search(language: str) -> str:
    """Path of the search among what stands in ``language``."""
    return ENGLISH_SEARCH if language == "en" else SEARCH


def search_data(name: str, language: str = settings.LANGUAGE_CODE) -> str:
    """Path of a file the browser searches in."""
    return f"{search(language)}du-lieu/{name}.json"


def verify_data(code: str) -> str:
    """Path of the signed statement about the warning with the reference ``code``."""
    return f"{VERIFY}du-lieu/{code.lower()}.json"


def self_check_step(key: str) -> str:
    """Path of one step of the self-check."""
    return f"{SELF_CHECK}{key}/"


def absolute(path: str) -> str:
    """``path`` with the portal's scheme and host in front."""
    return f"{settings.PUBLIC_URL}{path}"


def sealed(picture: Picture) -> str:
    """Path of a sealed picture; its content can never change."""
    extension = _EXTENSIONS.get(picture.mime, "jpg")
    return f"{settings.MEDIA_URL}sealed/{picture.sha256[:2]}/{picture.sha256}.{extension}"
