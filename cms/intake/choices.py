"""What citizens choose from: scam types in their groups, and the communes, wards and special zones."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from cms.users.enums import COMMUNE_LEVEL
from cms.users.models import Unit
from scam_warnings.taxonomy import ScamType, Term


@dataclass(frozen=True, slots=True)
class Named:
    """A scam type, or a group of them, as a page calls it."""

    key: str
    name: str
    language: str
    """Of the name: that of the page, or Vietnamese where there is no other."""


@dataclass(frozen=True, slots=True)
class Group:
    """Scam types below one heading."""

    heading: Named
    types: tuple[Named, ...]


def named(term: Term, language: str) -> Named:
    """``term`` as a page in ``language`` calls it."""
    if language == "en" and term.name_en:
        return Named(term.key, term.name_en, language)
    return Named(term.key, term.name, settings.LANGUAGE_CODE)


def groups(language: str = settings.LANGUAGE_CODE) -> list[Group]:
    """Every scam type, in the order of the taxonomy, called as in ``language``."""
    found: dict[Named, list[Named]] = {}
    rows = ScamType.objects.select_related("group")
    for row in rows.order_by("group__sort_order", "group__name", "sort_order", "name"):
        found.setdefault(named(row.group, language), []).append(named(row, language))
    return [Group(heading, tuple(types)) for heading, types in found.items()]


def places() -> QuerySet[Unit]:
    """The units a citizen may name, by name."""
    return Unit.objects.existing().filter(kind__in=COMMUNE_LEVEL).order_by("name")


def scam_type(key: str) -> ScamType | None:
    """The type with this key."""
    return ScamType.objects.filter(key=key).first() if key else None


def place(key: str) -> Unit | None:
    """The unit with this number, if citizens may name it."""
    if not (key.isascii() and key.isdigit() and len(key) < 10):
        return None
    return places().filter(pk=int(key)).first()
