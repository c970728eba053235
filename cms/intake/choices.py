"""What citizens choose from: scam types in their groups, and the communes, wards and special zones."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cms.users.enums import COMMUNE_LEVEL
from cms.users.models import Unit
from scam_warnings.taxonomy import ScamType


@dataclass(frozen=True, slots=True)
class Group:
    """Scam types below one heading."""

    name: str
    types: tuple[ScamType, ...]


def groups() -> list[Group]:
    """Every scam type, in the order of the taxonomy."""
    found: dict[str, list[ScamType]] = {}
    rows = ScamType.objects.select_related("group")
    for row in rows.order_by("group__sort_order", "group__name", "sort_order", "name"):
        found.setdefault(row.group.name, []).append(row)
    return [Group(name, tuple(types)) for name, types in found.items()]


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
