"""What was altered after it was approved: found row by row, and told at once.

Whatever is altered is refused before it is sent (dispatch). Here it is found without waiting for a send, kept where
the health page and the release show it, written into the audit trail, and told to the administrators.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.audit.recording import record
from publishers import seals
from publishers.connect import in_manifest, is_for_its_channel, pictures_intact, words_intact
from publishers.models import Channel, Delivery, Discrepancy, Release
from publishers.states import State
from publishers.watch import notices

logger = logging.getLogger(__name__)

ACTION: Final = "publishers.seal_broken"
KIND: Final = Discrepancy.Kind.TAMPERED
MOST_TOLD: Final = 50
_SETTLED: Final = (State.DELIVERED, State.CONFIRMED, State.CANCELLED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was signed."""

    subject: str
    channel_id: int
    sentence: str
    delivery_id: int | None = None


def refused(delivery: Delivery, now: datetime) -> None:
    """Tell of one delivery that was not sent because it is not what was signed."""
    release = Release.objects.select_related("revision").get(pk=delivery.payload.release_id)
    with override(settings.LANGUAGE_CODE):
        found = [*_of_release(release, delivery.channel_id)]
        found.append(
            Finding(
                f"delivery:{delivery.pk}",
                delivery.channel_id,
                _("What would be sent is not what was approved. Nothing was sent."),
                delivery.pk,
            )
        )
        _raise(release, found, now)


def examine(release: Release, now: datetime, *, picture_is_well: Callable[[str], bool]) -> list[Finding]:
    """Compare every row of ``release`` with what was signed, and tell of what is not; what is mended is closed."""
    with override(settings.LANGUAGE_CODE):
        found = list(_findings(release, picture_is_well))
        _raise(release, found, now)
        subjects = {finding.subject for finding in found}
        standing = Discrepancy.objects.filter(kind=KIND, release=release, resolved_at__isnull=True)
        standing.exclude(subject__in=subjects).update(resolved_at=now)
        if not found:
            notices.end(key_of(release))
    return found


def key_of(release: Release) -> str:
    """The key of the notice about ``release``."""
    return f"seal-broken:{release.pk}"


def standing(release: Release) -> list[Discrepancy]:
    """What is open about ``release``, for its page."""
    rows = Discrepancy.objects.filter(kind=KIND, release=release, resolved_at__isnull=True)
    return list(rows.select_related("channel").order_by("pk")[:MOST_TOLD])


def altered_releases() -> QuerySet[Release]:
    """Releases of which something is not as it was signed, the newest first."""
    open_findings = Discrepancy.objects.filter(kind=KIND, resolved_at__isnull=True)
    return Release.objects.filter(pk__in=open_findings.values("release_id")).order_by("-pk")


def _findings(release: Release, picture_is_well: Callable[[str], bool]) -> Iterator[Finding]:
    payloads = list(release.payloads.select_related("channel").order_by("pk"))
    rows = list(Delivery.objects.filter(Q(release=release) | Q(payload__release=release)).order_by("pk"))
    # Each read once: thousands of channels share one release.
    by_key = {payload.pk: payload for payload in payloads}
    for payload in payloads:
        payload.release = release
    for row in rows:
        if row.payload_id in by_key:
            row.payload = by_key[row.payload_id]
    first = rows[0].channel_id if rows else _any_channel(release)
    if first is None:
        return
    yield from _of_release(release, first)
    known = {payload.channel_id: payload for payload in payloads}
    delivered = {row.payload_id for row in rows}
    approved = [int(key) for key in release.manifest if key.isdigit()]
    there = set(Channel.objects.filter(pk__in=approved).values_list("pk", flat=True))
    for channel in approved:
        stored = known.get(channel)
        if stored is None or stored.pk not in delivered:
            missing = _("What was approved for this channel is gone from the database.")
            yield Finding(f"release:{release.pk}:{channel}", channel if channel in there else first, missing)
    for payload in payloads:
        if release.manifest and str(payload.channel_id) not in release.manifest:
            added = _("This channel was added after the approval.")
            yield Finding(f"payload:{payload.pk}", payload.channel_id, added)
    told = _circumstances(release)
    for row in rows:
        sentence = _altered(row, told, picture_is_well)
        if sentence:
            yield Finding(f"delivery:{row.pk}", row.channel_id, sentence, row.pk)


def _altered(row: Delivery, told: dict[int, Any], picture_is_well: Callable[[str], bool]) -> str:
    if not is_for_its_channel(row):
        return _("The delivery leads to another channel or belongs to another release than approved.")
    # What is out stays what it is when the channel's own settings change later.
    as_signed = told.get(row.payload.channel_id) if row.state in _SETTLED else None
    if not (words_intact(row, as_signed) and in_manifest(row.payload, row.payload.release.manifest)):
        return _("The text, the address, the data or the channel is not what was approved.")
    if not pictures_intact(row, picture_is_well):
        return _("A picture is not the one that was approved, or is gone.")
    return ""


def _of_release(release: Release, channel_id: int) -> Iterator[Finding]:
    for sentence in seals.problems(release):
        yield Finding(f"release:{release.pk}", channel_id, sentence)
        return


def _any_channel(release: Release) -> int | None:
    pks = [int(key) for key in release.manifest if key.isdigit()]
    return Channel.objects.filter(pk__in=pks).order_by("sort_order").values_list("pk", flat=True).first()


def _circumstances(release: Release) -> dict[int, Any]:
    try:
        return {item["channel"]: item for item in (release.circumstances or {}).get("payloads", [])}
    except (KeyError, TypeError, AttributeError):
        return {}


def _raise(release: Release, found: Sequence[Finding], now: datetime) -> None:
    news = [finding for finding in found if _store(release, finding, now)]
    if not news:
        return
    logger.error("Release %s is not what was signed: %s finding(s)", release.reference, len(news))
    lines = [f"- {finding.sentence}" for finding in news[:MOST_TOLD]]
    with transaction.atomic():
        record(
            ACTION,
            release,
            details={
                "reference": release.reference,
                "found": [f"{finding.subject}: {finding.sentence}" for finding in news[:MOST_TOLD]],
            },
        )
    # Ended first: what was found anew is news, although something of this release was told before.
    notices.end(key_of(release))
    notices.tell(
        key_of(release),
        _("%s was altered after it was approved") % release.reference,
        "\n".join(
            [
                _(
                    "What stands in the database or among the files is not what was signed. Nothing that was "
                    "altered is sent. Keep a copy of the database as it is now, and find out who could change it."
                ),
                "",
                *lines,
            ]
        ),
        reverse("publishers:release", args=[release.pk]),
    )


def _store(release: Release, finding: Finding, now: datetime) -> bool:
    """Keep ``finding``; True when it is news."""
    rows = Discrepancy.objects.filter(kind=KIND, channel_id=finding.channel_id, subject=finding.subject)
    if rows.filter(resolved_at__isnull=True).update(seen_at=now, detail=finding.sentence[:500]):
        return False
    # What a person closed stays closed as long as it is the same.
    if rows.exclude(closed_by="").filter(detail=finding.sentence[:500]).exists():
        return False
    _row, made = Discrepancy.objects.get_or_create(
        kind=KIND,
        channel_id=finding.channel_id,
        subject=finding.subject[:240],
        resolved_at=None,
        defaults={
            "release": release,
            "delivery_id": finding.delivery_id,
            "detail": finding.sentence[:500],
            "found_at": now,
            "seen_at": now,
        },
    )
    return made
