"""The queries behind the public pages: each a constant number, whatever the number of warnings."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from cms.portal.models import PublicState, PublishedWarning
from publishers.models import Release
from scam_warnings.enums import Severity

NEWEST_ON_HOME = 6
RELATED = 3
MOST_CORRECTIONS = 20
HANDBOOK_GROUPS = ("gia-mao-thuong-hieu", "chiem-doat-tai-khoan", "hinh-thuc-ket-hop")
"""The order of the national handbook (2023); groups added later follow by name."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One public correction of a warning."""

    note: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """A scam type the public can read about, named as in its newest warning."""

    key: str
    name: str
    official_no: int | None
    count: int


@dataclass(frozen=True, slots=True)
class TypeGroup:
    """One of the groups of scam types."""

    key: str
    name: str
    types: tuple[TypeEntry, ...]


def listed() -> QuerySet[PublishedWarning]:
    """Every warning lists may name, newest first."""
    return PublishedWarning.objects.exclude(state=PublicState.WITHDRAWN)


def home_warnings() -> tuple[PublishedWarning | None, list[PublishedWarning]]:
    """The warning that leads the home page and the newest others, in one query.

    The leading one is the newest urgent warning still in force, or else the newest of all.
    """
    in_force = Q(expires_on=None) | Q(expires_on__gte=timezone.localdate())
    urgent = listed().filter(in_force, severity=Severity.URGENT)[:1]
    newest = listed()[: NEWEST_ON_HOME + 1]
    rows = list(
        listed().filter(Q(pk__in=Subquery(newest.values("pk"))) | Q(pk__in=Subquery(urgent.values("pk"))))
    )
    urgent_rows = [row for row in rows if row.severity == Severity.URGENT and not row.is_expired()]
    lead = next(iter(urgent_rows or rows), None)
    return lead, [row for row in rows if row is not lead][:NEWEST_ON_HOME]


def with_related(slug: str) -> tuple[PublishedWarning | None, list[PublishedWarning]]:
    """The warning at ``slug`` and others of its type, then of its group, in one query."""
    target = PublishedWarning.objects.filter(slug=slug)
    related = related_to(Subquery(target.values("scam_type_key")), Subquery(target.values("group_key")))
    rows = PublishedWarning.objects.filter(
        Q(slug=slug) | Q(pk__in=Subquery(related.exclude(slug=slug).values("pk")[:RELATED]))
    )
    warning: PublishedWarning | None = None
    others: list[PublishedWarning] = []
    for row in rows:
        if row.slug == slug:
            warning = row
        else:
            others.append(row)
    if warning is not None:
        type_key = warning.scam_type_key
        others.sort(key=lambda row: row.scam_type_key != type_key)
    return warning, others


def corrections_of(warning: PublishedWarning) -> list[Correction]:
    """The corrections this public version includes, the newest first; one query for a corrected warning only."""
    if warning.state == PublicState.PUBLISHED:
        return []
    rows = Release.objects.filter(
        page_id=warning.page_id, kind=Release.Kind.CORRECTION, number__lte=warning.release_number
    )
    return [
        Correction(note, at)
        for note, at in rows.order_by("-number").values_list("note", "sealed_at")[:MOST_CORRECTIONS]
    ]


def related_to(type_key: object, group_key: object) -> QuerySet[PublishedWarning]:
    """Warnings of a group, those of the type first, newest first."""
    same_type = Case(
        When(scam_type_key=type_key, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return listed().filter(group_key=group_key).order_by(same_type, "-published_at", "-pk")


def type_groups() -> list[TypeGroup]:
    """Groups with their types, in one query.

    The names are those frozen in the sealed warnings: editing the taxonomy changes no public page.
    """
    rows = (
        listed()
        .order_by()
        .values("group_key", "group_name", "scam_type_key", "scam_type_name", "scam_type_official_no")
        .annotate(count=Count("pk"), latest=Max("published_at"))
        .order_by("latest")
    )
    group_names: dict[str, str] = {}
    group_of: dict[str, str] = {}
    entries: dict[str, TypeEntry] = {}
    for row in rows:
        key = row["scam_type_key"]
        earlier = entries[key].count if key in entries else 0
        group_names[row["group_key"]] = row["group_name"]
        group_of[key] = row["group_key"]
        entries[key] = TypeEntry(
            key, row["scam_type_name"], row["scam_type_official_no"], row["count"] + earlier
        )
    groups = sorted(set(group_of.values()), key=lambda key: (_handbook_place(key), group_names[key]))
    return [
        TypeGroup(
            group,
            group_names[group],
            tuple(
                sorted(
                    (entry for entry in entries.values() if group_of[entry.key] == group),
                    key=lambda entry: (entry.official_no is None, entry.official_no or 0, entry.name),
                )
            ),
        )
        for group in groups
    ]


def _handbook_place(group: str) -> int:
    return HANDBOOK_GROUPS.index(group) if group in HANDBOOK_GROUPS else len(HANDBOOK_GROUPS)
