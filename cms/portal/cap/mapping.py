"""What our words mean in CAP. The reasons stand in docs/open-data.md."""

from dataclasses import dataclass
from typing import Final

from cms.core import practice
from cms.users.enums import COMMUNE_LEVEL, UnitKind
from cms.users.models import Unit
from scam_warnings.enums import Severity

GEOCODE: Final = "VN-DVHC"
"""Name of the code list: the official numbers of administrative units (two digits a province, five a commune)."""
_DIGITS: Final = {UnitKind.PROVINCE: 2} | dict.fromkeys(COMMUNE_LEVEL, 5)


@dataclass(frozen=True, slots=True)
class Weight:
    """CAP's three scales."""

    urgency: str
    severity: str
    certainty: str


WEIGHTS: Final = {
    Severity.URGENT: Weight("Immediate", "Severe", "Observed"),
    Severity.CAUTION: Weight("Expected", "Moderate", "Observed"),
    Severity.INFO: Weight("Future", "Minor", "Likely"),
}
CANCELLED: Final = Weight("Unknown", "Unknown", "Unknown")
"""A withdrawal says nothing about the threat, least of all that it is over."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where an alert holds; the code only where the unit has an official number."""

    name: str
    geocode: str


def status() -> str:
    """Actual, or Exercise in practice mode: nobody may take a drill for an alarm."""
    return "Exercise" if practice.is_on() else "Actual"


def area_of(unit: Unit | None, agency: str) -> Area:
    """The commune of ``unit``, or its province; ``agency`` names the area where there is neither."""
    while unit is not None and unit.kind not in _DIGITS:
        unit = unit.parent
    if unit is None:
        return Area(agency, "")
    is_official = (
        unit.code.isascii() and unit.code.isdigit() and len(unit.code) == _DIGITS[UnitKind(unit.kind)]
    )
    return Area(unit.name, unit.code if is_official else "")
