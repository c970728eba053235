"""How far a release is: counts per state over all its channels, in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max

from publishers.models import Delivery, Release
from publishers.states import OPEN, State

SETTLED: Final = (State.CONFIRMED, State.DELIVERED, State.CANCELLED, State.WITHDRAWN)
ORDER: Final = (
    State.AWAITING_PERSON,
    State.FAILED,
    State.UNCONFIRMED,
    State.SENDING,
    State.DUE,
    State.SCHEDULED,
    State.DELIVERED,
    State.CONFIRMED,
    State.WITHDRAWN,
    State.CANCELLED,
)
"""What needs somebody first."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One release in figures."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All its channels."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Channels nothing more is to be done for."""
        return sum(self.counts.get(state, 0) for state in SETTLED)

    @property
    def percent(self) -> int:
        """Share settled, rounded down: 100 only when all are."""
        return 100 * self.settled // self.total if self.total else 0

    @property
    def is_open(self) -> bool:
        """Whether the system still works on some."""
        return any(self.counts.get(state) for state in OPEN)

    @property
    def tiles(self) -> list[tuple[str, str, int]]:
        """(state, label, count) of every state that occurs, what needs somebody first."""
        return [(s.value, str(s.label), self.counts[s]) for s in ORDER if self.counts.get(s)]


def of_release(release: Release) -> Progress:
    """The figures of one release."""
    return of_releases([release.pk]).get(release.pk, Progress({}))


def of_releases(ids: Iterable[int]) -> dict[int, Progress]:
    """Release id → its figures, in one query."""
    rows = (
        Delivery.objects.filter(release_id__in=list(ids))
        .order_by()
        .values_list("release_id", "state")
        .annotate(count=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for release, state, count in rows:
        found.setdefault(release, {})[state] = count
    return {release: Progress(counts) for release, counts in found.items()}


def version(release: Release) -> str:
    """Changes whenever any delivery of the release changes: what an unchanged page is recognised by."""
    last = Delivery.objects.filter(release=release).aggregate(last=Max("updated_at"))["last"]
    return f"{release.pk}-{last.timestamp() if last else 0:.6f}"
