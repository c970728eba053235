"""The queries behind the public pages: each a constant number, whatever the number of warnings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from cms.portal.models import InEnglish, PublicState, PublishedWarning
from publishers import scheduling
from publishers.models import Release
from scam_warnings.enums import Severity

PER_PAGE = 12
"""Entries on a page of a public list."""
NEWEST_ON_HOME = 6
URGENT_ON_HOME = 3
"""Besides the leading one."""
RELATED = 3
MOST_VERSIONS = 20
COMMONEST = 6
NAMED_OF_GROUP = 3
HANDBOOK_GROUPS = ("gia-mao-thuong-hieu", "chiem-doat-tai-khoan", "hinh-thuc-ket-hop")
"""The order of the national handbook (2023); groups added later follow by name."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One public correction of a warning."""

    note: str
    corrected_at: datetime
    note_en: str = ""
    """Empty when that version had no English."""
    language: str = ""
    """Of the note, where it is not that of the page."""


@dataclass(frozen=True, slots=True)
class Version:
    """One release of a warning that the public could read."""

    number: int
    at: datetime
    kind: str
    """Of Release.Kind."""
    note: str
    note_en: str = ""
    """Empty when it had no English."""
    language: str = ""
    """Of the note, where it is not that of the page."""


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

    @property
    def count(self) -> int:
        """Public warnings in the whole group."""
        return sum(entry.count for entry in self.types)

    @property
    def foremost(self) -> list[TypeEntry]:
        """The few types that stand for the group where there is no room for all."""
        return commonest((self,))[:NAMED_OF_GROUP]

    @property
    def others(self) -> int:
        """How many types there are besides those."""
        return len(self.types) - len(self.foremost)


def listed() -> QuerySet[PublishedWarning]:
    """Every warning lists may name, newest first; those out of force come last."""
    return PublishedWarning.objects.exclude(state=PublicState.WITHDRAWN)


def in_english() -> QuerySet[PublishedWarning]:
    """Of those the warnings with an English version."""
    return listed().filter(english=InEnglish.NOW)


def home_warnings(
    among: QuerySet[PublishedWarning] | None = None,
) -> tuple[PublishedWarning | None, list[PublishedWarning], list[PublishedWarning]]:
    """The warning that leads the home page, other urgent ones, and the newest of the rest, in one query.

    All public warnings are looked at, or ``among`` these. The leading one is the newest urgent warning still in
    force, or else the newest of all.
    """
    rows_of = listed() if among is None else among
    in_force = Q(expires_on=None) | Q(expires_on__gte=timezone.localdate())
    urgent = rows_of.filter(in_force, severity=Severity.URGENT)[: URGENT_ON_HOME + 1]
    newest = rows_of[: NEWEST_ON_HOME + URGENT_ON_HOME + 1]
    rows = list(
        rows_of.filter(Q(pk__in=Subquery(newest.values("pk"))) | Q(pk__in=Subquery(urgent.values("pk"))))
    )
    pressing = [row for row in rows if row.severity == Severity.URGENT and not row.is_expired()]
    lead = next(iter(pressing or rows), None)
    also = [row for row in pressing if row is not lead][:URGENT_ON_HOME]
    return lead, also, [row for row in rows if row is not lead and row not in also][:NEWEST_ON_HOME]


def with_related(
    slug: str, *, english: bool = False
) -> tuple[PublishedWarning | None, list[PublishedWarning]]:
    """The warning at ``slug`` and others of its type, then of its group, in one query.

    With ``english`` only those others that have an English version.
    """
    target = PublishedWarning.objects.filter(slug=slug)
    related = related_to(Subquery(target.values("scam_type_key")), Subquery(target.values("group_key")))
    if english:
        related = related.filter(english=InEnglish.NOW)
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


def versions_of(warning: PublishedWarning) -> list[Version]:
    """The releases behind this public version, the newest first; one query, none for a first version."""
    if warning.release_number == 1:
        return [Version(1, warning.published_at, Release.Kind.PUBLICATION, "")]
    rows = scheduling.begun(Release.objects.all()).filter(
        page_id=warning.page_id, number__lte=warning.release_number
    )
    told = rows.order_by("-number").values_list(
        "number", "sealed_at", "kind", "note", "snapshot__english__correction_note"
    )
    return [
        Version(number, at, kind, note, note_en or "")
        for number, at, kind, note, note_en in told[:MOST_VERSIONS]
    ]


def corrections_of(versions: Iterable[Version]) -> list[Correction]:
    """The corrections among ``versions``."""
    return [
        Correction(version.note, version.at, version.note_en)
        for version in versions
        if version.kind == Release.Kind.CORRECTION
    ]


def logged() -> QuerySet[Release]:
    """Corrections and withdrawals the public has been told of, newest first: sealed, and out on the portal."""
    return (
        scheduling.begun(Release.objects.all())
        .filter(
            kind__in=(Release.Kind.CORRECTION, Release.Kind.WITHDRAWAL),
            page__published__release_number__gte=F("number"),
        )
        .select_related("page__published")
        .order_by("-sealed_at", "-pk")
    )


def related_to(type_key: object, group_key: object) -> QuerySet[PublishedWarning]:
    """Warnings of a group, those of the type first, newest first."""
    same_type = Case(
        When(scam_type_key=type_key, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return listed().filter(group_key=group_key).order_by(same_type, "is_old", "-published_at", "-pk")


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
    groups = sorted(set(group_of.values()), key=lambda key: (handbook_place(key), group_names[key]))
    return [
        TypeGroup(
            group,
            group_names[group],
            tuple(
                sorted(
                    (entry for entry in entries.values() if group_of[entry.key] == group),
                    key=in_handbook_order,
                )
            ),
        )
        for group in groups
    ]


def commonest(groups: Iterable[TypeGroup]) -> list[TypeEntry]:
    """The scam types with the most public warnings."""
    entries = [entry for group in groups for entry in group.types]
    return sorted(entries, key=lambda entry: (-entry.count, entry.name))[:COMMONEST]


def in_handbook_order(entry: TypeEntry) -> tuple[bool, int, str]:
    """Sorts types: the official forms by their number, then the newer ones by name."""
    return entry.official_no is None, entry.official_no or 0, entry.name


def handbook_place(group: str) -> int:
    """Sorts groups: those of the handbook in its order, others behind them."""
    return HANDBOOK_GROUPS.index(group) if group in HANDBOOK_GROUPS else len(HANDBOOK_GROUPS)
