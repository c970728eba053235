"""The scam library: every form of scam the public can look up, with or without a warning.

The names of the official forms come with the product, as its templates do; what a sealed warning or an approved
explanation says of a type goes before them. Rows of the taxonomy are not read: editing them changes no public page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from cms.portal import reading
from cms.portal.models import PublishedWarning
from cms.portal.reading import TypeEntry, TypeGroup
from scam_warnings.seed import read_data


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a type is, how to tell and what to do, in approved words. ``blocks`` is drawn by ``portal/blocks.html``."""

    key: str
    name: str
    group_key: str
    group_name: str
    official_no: int | None
    official_name: str
    summary: str = ""
    blocks: tuple[dict[str, Any], ...] = ()
    approved_at: datetime | None = None


class Explainer(Protocol):
    """Finds approved explanations: of one type, or with an empty key of all."""

    def __call__(self, key: str = "") -> list[Explanation]: ...


_explainers: list[Explainer] = []


def describe_with(explainer: Explainer) -> None:
    """Called once by the part that keeps explanations, when its app is ready."""
    _explainers.append(explainer)


def explanation(key: str) -> Explanation | None:
    """The approved explanation of a type, else what ships with the product; None for an unknown key."""
    for explainer in _explainers:
        found = explainer(key)
        if found:
            return found[0]
    return _shipped().get(key)


def named_by(warnings: Sequence[PublishedWarning]) -> Explanation | None:
    """A type that only sealed warnings know, named as in the newest of them; None without any."""
    if not warnings:
        return None
    newest = warnings[0]
    return Explanation(
        key=newest.scam_type_key,
        name=newest.scam_type_name,
        group_key=newest.group_key,
        group_name=newest.group_name,
        official_no=newest.scam_type_official_no,
        official_name="",
    )


def shipped() -> list[Explanation]:
    """The forms whose names come with the product."""
    return list(_shipped().values())


def keys() -> set[str]:
    """Every type the library has a page for, besides those that only warnings know."""
    return {*_shipped(), *_described()}


def groups() -> list[TypeGroup]:
    """All types in their groups, each with the number of its public warnings."""
    counted = {entry.key: (group, entry) for group in reading.type_groups() for entry in group.types}
    known = _shipped() | _described()
    entries: dict[str, list[TypeEntry]] = {}
    names: dict[str, str] = {}
    for key, told in known.items():
        count = counted.pop(key)[1].count if key in counted else 0
        names[told.group_key] = told.group_name
        entries.setdefault(told.group_key, []).append(TypeEntry(key, told.name, told.official_no, count))
    for group, entry in counted.values():
        names.setdefault(group.key, group.name)
        entries.setdefault(group.key, []).append(entry)
    return [
        TypeGroup(key, names[key], tuple(sorted(entries[key], key=reading.in_handbook_order)))
        for key in sorted(entries, key=lambda key: (reading.handbook_place(key), names[key]))
    ]


def _described() -> dict[str, Explanation]:
    return {told.key: told for explainer in _explainers for told in explainer()}


@cache
def _shipped() -> dict[str, Explanation]:
    data = read_data("taxonomy.json")
    names = {row["key"]: row["name_vi"] for row in data["groups"]}
    return {
        row["key"]: Explanation(
            key=row["key"],
            name=row["name_vi"],
            group_key=row["group"],
            group_name=names[row["group"]],
            official_no=row["official_no"],
            official_name=row["official_name_vi"] or "",
        )
        for row in data["scam_types"]
    }
