"""Warnings by the people they are for, named as in the sealed warnings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max, QuerySet

from cms.portal import addresses, reading
from cms.portal.models import PublicState, PublishedAudience, PublishedWarning
from scam_warnings.snapshot import Named, Snapshot

INTERNAL: Final = frozenset({"bao-cao-vien"})
"""Of the taxonomy, but no part of the public."""
LARGE_PRINT: Final = frozenset({"nguoi-cao-tuoi"})
"""Their pages have large letters and few words."""
NEWEST: Final = 60
"""So many warnings have a place on an audience's pages: what a publication costs does not grow."""
_PAGES: Final = -(-NEWEST // reading.PER_PAGE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An audience there are warnings for."""

    key: str
    name: str
    count: int
    url: str


def public(snapshot: Snapshot) -> list[Named]:
    """For which of the public ``snapshot`` is."""
    return [entry for entry in snapshot.audiences if entry.key not in INTERNAL]


def record(warning: PublishedWarning, snapshot: Snapshot) -> None:
    """Write down for whom ``warning`` is."""
    warning.audiences.all().delete()
    rows = {entry.key: entry.name for entry in public(snapshot)}
    PublishedAudience.objects.bulk_create(
        PublishedAudience(warning=warning, key=key, name=name) for key, name in rows.items()
    )


def entries() -> list[Entry]:
    """Every audience with warnings, under its newest name, those for large print first; one query."""
    rows = (
        PublishedAudience.objects.exclude(warning__state=PublicState.WITHDRAWN)
        .values("key", "name")
        .annotate(count=Count("pk"), latest=Max("warning__published_at"))
        .order_by("latest")
    )
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for row in rows:
        names[row["key"]] = row["name"]
        counts[row["key"]] = counts.get(row["key"], 0) + row["count"]
    keys = sorted(names, key=lambda key: (key not in LARGE_PRINT, -counts[key], names[key]))
    return [Entry(key, names[key], counts[key], addresses.audience(key)) for key in keys]


def newest(key: str) -> QuerySet[PublishedWarning]:
    """The newest warnings for the audience ``key``."""
    return reading.listed().filter(audiences__key=key)[:NEWEST]


def name(key: str) -> str:
    """What the newest warning for ``key`` calls it; one query."""
    rows = PublishedAudience.objects.filter(key=key).exclude(warning__state=PublicState.WITHDRAWN)
    return rows.order_by("-warning__published_at").values_list("name", flat=True).first() or ""


def pages() -> Iterator[str]:
    """The pages search engines may know: the list, and the first one of each audience."""
    yield addresses.AUDIENCES
    yield from (entry.url for entry in entries())


class Pages:
    """The audiences' pages, as a section of the portal."""

    def shared(self) -> Iterable[str]:
        """The list of audiences."""
        return (addresses.AUDIENCES,)

    def around(self, warning: PublishedWarning) -> Iterator[str]:
        """The first page of each of its audiences; all of them when it must disappear."""
        pages = _PAGES if warning.is_withdrawn else 1
        for key in warning.audiences.values_list("key", flat=True):
            yield from _run(key, pages)

    def later(self, warning: PublishedWarning) -> Iterator[str]:
        """The other pages of its audiences, and the first ones of those it may have been for before."""
        counts = {entry.key: entry.count for entry in entries()}
        yield from map(addresses.audience, counts)
        for key in warning.audiences.values_list("key", flat=True):
            # One more than there is now: a withdrawal may have emptied the last one.
            yield from _run(key, min(counts.get(key, 0) // reading.PER_PAGE + 1, _PAGES))

    def every(self) -> Iterator[str]:
        """All pages of all audiences."""
        yield addresses.AUDIENCES
        for entry in entries():
            yield from _run(entry.key, min(-(-entry.count // reading.PER_PAGE), _PAGES))


def _run(key: str, pages: int) -> Iterator[str]:
    return (addresses.audience(key, number) for number in range(1, pages + 1))
