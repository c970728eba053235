"""Kinds of units, and which may stand under which."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """There is no district: since 1 July 2025 communes stand directly under the province."""

    PROVINCE = "province", _("Province or city")
    DEPARTMENT = "department", _("Department or agency of the province")
    DIVISION = "division", _("Division")
    COMMUNE = "commune", _("Commune")
    WARD = "ward", _("Ward")
    SPECIAL_ZONE = "special_zone", _("Special zone")
    OTHER = "other", _("Other unit")


COMMUNE_LEVEL: Final = frozenset({UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE})

STANDS_UNDER: Final[dict[UnitKind, frozenset[UnitKind]]] = {
    UnitKind.PROVINCE: frozenset(),
    UnitKind.DEPARTMENT: frozenset({UnitKind.PROVINCE}),
    UnitKind.DIVISION: frozenset({UnitKind.PROVINCE, UnitKind.DEPARTMENT}) | COMMUNE_LEVEL,
    UnitKind.COMMUNE: frozenset({UnitKind.PROVINCE}),
    UnitKind.WARD: frozenset({UnitKind.PROVINCE}),
    UnitKind.SPECIAL_ZONE: frozenset({UnitKind.PROVINCE}),
    UnitKind.OTHER: frozenset(UnitKind),
}


class RequestState(models.TextChoices):
    """How a request for a role stands. One that nobody decided in time just runs out."""

    WAITING = "waiting", _("Waiting for a second administrator")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
