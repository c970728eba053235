"""What every channel should show, from what was approved: manifests and sealed payloads, not from hearsay."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from publishers.adapters.readback import LOOK_BACK
from publishers.contracts import Operation
from publishers.models import Channel, Delivery, Release
from publishers.plans import LOCAL
from publishers.states import PUBLIC, State

MARGIN: Final = timedelta(days=1)
"""A delivery is written in the moment its release is sealed; the two clocks may differ by hours, not by days."""
_CHUNK: Final = 500


@dataclass(slots=True)
class Standing:
    """One post that should be there, with the words it should have."""

    delivery: Delivery
    text: str
    since: datetime


@dataclass(slots=True)
class Expected:
    """One channel."""

    standing: dict[str, Standing] = field(default_factory=dict)
    """Remote id → what should be there."""
    gone: dict[str, Delivery] = field(default_factory=dict)
    """Remote id → the delivery whose post was taken away."""
    unsettled: bool = False
    """Something is on its way just now: what is new there may be ours."""


def of_channel(channel: Channel, since: datetime) -> Expected:
    """What ``channel`` should show of everything released since ``since``, in the order of the releases."""
    found = Expected()
    rows = (
        # By its own time, which has an index, so that the years before cost nothing.
        Delivery.objects.filter(channel=channel, created_at__gte=since - MARGIN)
        .select_related("payload", "release", "follows")
        .order_by("release__sealed_at", "pk")
    )
    for row in rows:
        if row.release.sealed_at < since:
            continue
        if row.state in (State.SENDING, State.UNCONFIRMED, State.AWAITING_PERSON):
            found.unsettled = True
        if not row.remote_id:
            continue
        operation = Operation(row.payload.operation)
        if operation is Operation.DELETE and row.state in PUBLIC:
            found.standing.pop(row.remote_id, None)
            found.gone[row.remote_id] = row
            continue
        if channel.kind in LOCAL and row.state in PUBLIC:
            _replace(found, row)
        if row.state in PUBLIC or (row.state == State.WITHDRAWN and row.remote_id not in found.gone):
            started = row.first_sent_at or row.delivered_at or row.created_at
            earlier = found.standing.get(row.remote_id)
            found.standing[row.remote_id] = Standing(
                row, row.payload.text, earlier.since if earlier else started
            )
    return found


def ours(channel: Channel, remote_ids: Iterable[str]) -> set[str]:
    """Those of ``remote_ids`` that ever were ours, of whatever age.

    What was approved long ago may have been posted yesterday, and a channel may show a post of last year.
    """
    posted = Delivery.objects.filter(channel=channel).exclude(remote_id="")
    return {
        found
        for some in _parts(sorted(set(remote_ids)))
        for found in posted.filter(remote_id__in=some).values_list("remote_id", flat=True)
    }


def _parts(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _replace(found: Expected, newer: Delivery) -> None:
    """Our own pages show the newest release of a warning only, each under an id of its own."""
    page = newer.release.page_id
    for remote_id, post in list(found.standing.items()):
        if post.delivery.release.page_id == page:
            del found.standing[remote_id]


def window_of(expected: Expected, now: datetime) -> float:
    """Seconds back from ``now`` a listing has to reach to show everything expected."""
    ages = [(now - item.since).total_seconds() for item in expected.standing.values()]
    return max(ages, default=0.0) + LOOK_BACK


def missing_rows(release: Release) -> list[int]:
    """Ids of channels the release was approved for and that have no intact payload or no delivery."""
    payloads = dict(release.payloads.values_list("channel_id", "hash"))
    deliveries = set(release.deliveries.values_list("channel_id", flat=True))
    return [
        int(channel)
        for channel, sealed in release.manifest.items()
        if payloads.get(int(channel)) != sealed or int(channel) not in deliveries
    ]
