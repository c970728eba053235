"""How a person stands in the trail: names as they are now, kept as text."""

from dataclasses import dataclass
from typing import Any

from cms.audit.values import storable


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted; all empty for the system itself."""

    pk: int | None = None
    login: str = ""
    name: str = ""
    unit: str = ""


def person(user: Any) -> Person:
    """``user`` as the trail names them; None is the system."""
    if user is None or user.pk is None:
        return Person()
    login = storable(user.get_username())
    return Person(user.pk, login[:150], (storable(user.get_full_name()) or login)[:200], _unit(user)[:200])


def _unit(user: Any) -> str:
    unit = getattr(user, "unit", None)
    return storable(str(unit)) if unit is not None else ""
