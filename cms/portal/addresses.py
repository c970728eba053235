"""The portal's addresses: ASCII, permanent, the same wherever they are built."""

import re
from typing import Final

from django.conf import settings

from scam_warnings.snapshot import Picture

HOME: Final = "/"
LIST: Final = "/canh-bao/"
TYPES: Final = "/hinh-thuc/"
SEARCH: Final = "/tim-kiem/"
SITEMAP: Final = "/sitemap.xml"
ROBOTS: Final = "/robots.txt"
RSS: Final = "/feeds/canh-bao.rss.xml"
ATOM: Final = "/feeds/canh-bao.atom.xml"
FAVICON: Final = "/favicon.ico"
NOT_FOUND: Final = "/404.html"
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


def list_page(number: int) -> str:
    """Path of page ``number`` (from 1) of all warnings."""
    return LIST if number == 1 else f"{LIST}trang/{number}/"


def scam_type(key: str, number: int = 1) -> str:
    """Path of page ``number`` (from 1) of the warnings of one scam type."""
    return f"{TYPES}{key}/" if number == 1 else f"{TYPES}{key}/trang/{number}/"


def absolute(path: str) -> str:
    """``path`` with the portal's scheme and host in front."""
    return f"{settings.PUBLIC_URL}{path}"


def sealed(picture: Picture) -> str:
    """Path of a sealed picture; its content can never change."""
    extension = _EXTENSIONS.get(picture.mime, "jpg")
    return f"{settings.MEDIA_URL}sealed/{picture.sha256[:2]}/{picture.sha256}.{extension}"
