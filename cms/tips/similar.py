"""Tips about the same people or the same trick."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from cms.tips import story
from cms.tips.models import Mark, Tip
from scam_warnings.likeness import likeness, shingles

COMPARED: Final = 300
"""Tips whose words are compared, the newest: each has to be decrypted."""
ALIKE: Final = 0.35
MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Similar:
    """Another tip, what both name, and how much both say the same (0–1)."""

    tip: Tip
    shared: tuple[str, ...]
    alike: float

    @property
    def percent(self) -> int:
        return round(100 * self.alike)


def to(tip: Tip, among: QuerySet[Tip]) -> list[Similar]:
    """Those of ``among`` that resemble ``tip``: first those that name the same, then those that say the same."""
    others = among.exclude(pk=tip.pk).select_related("scam_type", "unit")
    digests = list(tip.marks.values_list("digest", flat=True))
    shared: dict[int, list[str]] = defaultdict(list)
    for mark in Mark.objects.filter(digest__in=digests, tip__in=others.values("pk")):
        shared[mark.tip_id].append(mark.shown)
    mine = story.of(tip)
    own = shingles(mine.text) if mine is not None else frozenset()
    near = others.filter(erased_at__isnull=True).order_by("-received_at", "-pk")
    candidates = {row.pk: row for row in near[:COMPARED]} if own else {}
    candidates |= {row.pk: row for row in others.filter(pk__in=shared)}
    found = []
    for pk, row in candidates.items():
        told = story.of(row)
        alike = likeness(own, shingles(told.text)) if own and told is not None else 0.0
        if pk in shared or alike >= ALIKE:
            found.append(Similar(row, tuple(shared.get(pk, ())), alike))
    found.sort(key=lambda item: (-len(item.shared), -item.alike, -item.tip.pk))
    return found[:MOST]


@dataclass(frozen=True, slots=True)
class Group:
    """Open tips of one type in one place."""

    scam_type_id: int | None
    type_name: str
    unit_id: int | None
    unit_name: str
    count: int


def groups(rows: QuerySet[Tip]) -> list[Group]:
    """How many of ``rows`` there are of each type in each place, the most first."""
    counted = (
        rows.order_by()
        .values("scam_type_id", "scam_type__name", "unit_id", "unit__name")
        .annotate(count=Count("pk"))
    )
    found = [
        Group(
            row["scam_type_id"],
            row["scam_type__name"] or "",
            row["unit_id"],
            row["unit__name"] or "",
            row["count"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda group: (-group.count, group.type_name, group.unit_name))


@dataclass(frozen=True, slots=True)
class Shared:
    """A number, address or account that several tips name."""

    digest: str
    kind: str
    shown: str
    tips: tuple[int, ...]


def shared_marks(rows: QuerySet[Tip], most: int = 30) -> list[Shared]:
    """What two or more of ``rows`` name, the most frequent first."""
    marks = Mark.objects.filter(tip__in=rows.order_by().values("pk"))
    often = marks.order_by().values("digest").annotate(count=Count("tip", distinct=True)).filter(count__gt=1)
    wanted = list(often.order_by("-count", "digest").values_list("digest", flat=True)[:most])
    by_digest: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks.filter(digest__in=wanted):
        by_digest[mark.digest].append(mark)
    return [
        Shared(
            digest,
            by_digest[digest][0].kind,
            by_digest[digest][0].shown,
            tuple(sorted({mark.tip_id for mark in by_digest[digest]})),
        )
        for digest in wanted
    ]
