"""What kinds of standing content there are, and where each has its address."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The keys stand in sealed editions: they never change."""

    HANDBOOK = "handbook", _("Handbook")
    RESULT = "result", _("Results and good examples")
    COLLECTION = "collection", _("Topics")
    SCAM_TYPE = "scam_type", _("Scam type explained")
    ABOUT = "about", _("About the agency")
    ACCOUNTS = "accounts", _("Official accounts")
    ACCESSIBILITY = "accessibility", _("Accessibility statement")
    LAW = "law", _("Law and directives")
    SELF_CHECK = "self_check", _("Self-check")


FOLDERS: Final[dict[str, str]] = {
    Kind.HANDBOOK: "cam-nang",
    Kind.RESULT: "ket-qua",
    Kind.COLLECTION: "chuyen-de",
    Kind.LAW: "van-ban",
}
"""Kinds with a list, and its folder."""
SINGLE: Final[dict[str, str]] = {
    Kind.ABOUT: "gioi-thieu",
    Kind.ACCOUNTS: "tai-khoan-chinh-thuc",
    Kind.ACCESSIBILITY: "tuyen-bo-tiep-can",
    Kind.SELF_CHECK: "kiem-tra",
}
"""Kinds of which there is one page, and its address."""
DRAWN_BY_PORTAL: Final = frozenset({Kind.SCAM_TYPE, Kind.SELF_CHECK})
"""Kinds whose pages are the portal's own, with more on them than the edition; they speak Vietnamese only."""
WITH_OWN_FORM: Final = frozenset({Kind.LAW, Kind.SELF_CHECK})
"""Kinds that are no standing pages of blocks."""
ENGLISH: Final = "en"
LANGUAGES: Final = ("vi", ENGLISH)
RESERVED_SLUGS: Final = frozenset({"trang", "tra-cuu", "nam"})


def list_path(kind: str, language: str = "vi") -> str:
    """Path of the list of ``kind``. Raises KeyError for a kind without one."""
    return f"{_prefix(language)}/{FOLDERS[kind]}/"


def item_path(kind: str, slug: str, language: str = "vi") -> str:
    """Path of one item."""
    if kind in SINGLE:
        return f"{_prefix(language)}/{SINGLE[kind]}/"
    folder = "hinh-thuc" if kind == Kind.SCAM_TYPE else FOLDERS[kind]
    return f"{_prefix(language)}/{folder}/{slug}/"


def _prefix(language: str) -> str:
    return "" if language == "vi" else f"/{language}"
