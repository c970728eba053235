"""The reconciler: what was approved against what every channel shows, by a process that sends nothing.

It trusts neither the workers nor their rows. What it cannot read it does not judge.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cms.core.text import collapse, mentions_reference, nfc
from publishers import pace, registry
from publishers.connect import publisher_for
from publishers.contracts import Listing, PublishError, RateLimited
from publishers.models import Channel, Discrepancy, Notice, Release
from publishers.watch import expected as expectations
from publishers.watch import notices

logger = logging.getLogger(__name__)

Kind = Discrepancy.Kind
MOST: Final = 2000
"""Channels of one run; what is left over comes first in the next one."""
AT_ONCE: Final = 8
"""Channels the watch reads at the same time: nearly all of it is waiting for platforms."""
MOST_TOLD: Final = 500
"""Discrepancies in one notice; the next round tells of the rest."""
RUN_SECONDS: Final = 45.0
SHORTEST_WINDOW: Final = 3600.0
"""Seconds back at least, so that a foreign post is seen too."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, before it is stored."""

    kind: str
    channel: Channel
    subject: str
    detail: str
    release_id: int | None = None
    delivery_id: int | None = None
    remote_id: str = ""
    remote_url: str = ""


def reconcile(now: datetime, *, most: int = MOST, seconds: float = RUN_SECONDS, threads: int = 1) -> None:
    """Check the rows of every recent release, then compare the channels that were not looked at the longest.

    With more than one of ``threads``, each has a database connection of its own.
    """
    end = time.monotonic() + seconds
    with override(settings.LANGUAGE_CODE):
        _check_rows(now)
        left = deque(_next_channels(now)[:most])
        if threads > 1:
            _side_by_side(left, now, end, threads)
        else:
            _in_turn(left, now, end)
        _tell()


def _side_by_side(left: deque[Channel], now: datetime, end: float, threads: int) -> None:
    def work() -> None:
        try:
            with override(settings.LANGUAGE_CODE):
                _in_turn(left, now, end)
        except Exception:
            logger.exception("A comparison stumbled; the rest of it is left for the next round")
        finally:
            connection.close()

    readers = [
        threading.Thread(target=work, name=f"reader-{number}", daemon=True) for number in range(threads)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()


def _in_turn(left: deque[Channel], now: datetime, end: float) -> None:
    while time.monotonic() < end:
        try:
            channel = left.popleft()
        except IndexError:
            return
        _compare(channel, now)


def _next_channels(now: datetime) -> QuerySet[Channel]:
    able = [kind for kind in registry.kinds() if _lists(kind)]
    rows = Channel.objects.filter(
        pace.is_open("", now),
        Q(credential__isnull=True) | pace.is_open("credential__", now),
        is_active=True,
        kind__in=able,
    ).exclude(kind__in=pace.closed_kinds(now))
    return rows.select_related("credential").order_by(F("compared_at").asc(nulls_first=True), "pk")


def _lists(kind: str) -> bool:
    try:
        return registry.capabilities(kind).listing
    except (ImportError, AttributeError):
        return False


def _check_rows(now: datetime) -> None:
    """Every channel of a manifest has its payload, unaltered, and its delivery."""
    since = now - timedelta(days=settings.RECONCILE_DAYS)
    found: list[Finding] = []
    for release in Release.objects.filter(sealed_at__gte=since).order_by("pk"):
        lacking = expectations.missing_rows(release)
        channels = Channel.objects.in_bulk(lacking)
        found += [
            Finding(
                Kind.NO_DELIVERY,
                channels[pk],
                f"release:{release.pk}",
                _("%s was approved for this channel, but its delivery is missing or altered.")
                % release.reference,
                release_id=release.pk,
            )
            for pk in lacking
            if pk in channels
        ]
    standing = Discrepancy.objects.filter(kind=Kind.NO_DELIVERY, resolved_at__isnull=True)
    _store(found, standing, now)


def _compare(channel: Channel, now: datetime) -> None:
    since = now - timedelta(days=settings.RECONCILE_DAYS)
    wanted = expectations.of_channel(channel, since)
    window = max(SHORTEST_WINDOW, expectations.window_of(wanted, now))
    try:
        listing = publisher_for(channel).shown(now - timedelta(seconds=window))
    except PublishError as error:
        if isinstance(error, RateLimited):
            pace.slow_down(channel, error.scope, error.retry_after or 60.0, now)
        logger.info("Channel %s could not be compared: %s", channel.pk, error.code)
        return
    except Exception as error:
        # A foreign adapter may raise anything; its text may quote secrets.
        logger.warning("Channel %s could not be compared: %s", channel.pk, type(error).__name__)
        return
    found = list(_differences(channel, wanted, listing, now))
    if any(True for _stranger in _strangers(channel, wanted, listing)):
        # What left while the list was being read is ours all the same.
        found += _strangers(channel, expectations.of_channel(channel, since), listing)
    standing = Discrepancy.objects.filter(channel=channel, resolved_at__isnull=True).exclude(
        kind=Kind.NO_DELIVERY
    )
    _store(found, standing, now)
    Channel.objects.filter(pk=channel.pk).update(compared_at=now)


def _differences(
    channel: Channel, wanted: expectations.Expected, listing: Listing, now: datetime
) -> Iterable[Finding]:
    shown = {item.remote_id: item for item in listing.items}
    grace = timedelta(seconds=settings.PUBLISH_GRACE)
    for remote_id, post in wanted.standing.items():
        delivery, item = post.delivery, shown.get(remote_id)
        common: dict[str, Any] = {
            "channel": channel,
            "subject": f"post:{remote_id}",
            "release_id": delivery.release_id,
            "delivery_id": delivery.pk,
            "remote_id": remote_id,
            "remote_url": delivery.remote_url,
        }
        if item is None:
            # Absence counts only where the list reaches back far enough, and not in the first moments.
            if post.since >= listing.since and now - post.since > grace:
                seen_before = delivery.confirmed_at is not None
                yield Finding(
                    kind=Kind.DELETED if seen_before else Kind.MISSING,
                    detail=_("%s is no longer to be seen on the channel.") % delivery.release.reference
                    if seen_before
                    else _("The channel accepted %s but does not show it.") % delivery.release.reference,
                    **common,
                )
        elif not _same(item.text, post.text):
            yield Finding(
                kind=Kind.ALTERED,
                detail=_("The post of %s has other words than were approved.") % delivery.release.reference,
                **common,
            )
    for remote_id, delivery in wanted.gone.items():
        if remote_id in shown and now - (delivery.delivered_at or now) > grace:
            yield Finding(
                Kind.STILL_THERE,
                channel,
                f"post:{remote_id}",
                _("The withdrawn post is still to be seen."),
                release_id=delivery.release_id,
                delivery_id=delivery.pk,
                remote_id=remote_id,
                remote_url=shown[remote_id].url,
            )


def _strangers(channel: Channel, wanted: expectations.Expected, listing: Listing) -> Iterable[Finding]:
    references = {post.delivery.release.reference: post.delivery for post in wanted.standing.values()}
    known = expectations.ours(
        channel, (item.remote_id for item in listing.items if item.remote_id not in wanted.standing)
    )
    for item in listing.items:
        if item.remote_id in known or item.remote_id in wanted.standing:
            continue
        twin = next((d for ref, d in references.items() if mentions_reference(nfc(item.text), ref)), None)
        if twin is None and (wanted.unsettled or not channel.reports_foreign):
            continue
        yield Finding(
            Kind.DOUBLED if twin else Kind.FOREIGN,
            channel,
            f"post:{item.remote_id}",
            _("%s stands on the channel once more.") % twin.release.reference
            if twin
            else _("A post that does not come from this system: “%s”") % collapse(item.text)[:120],
            release_id=twin.release_id if twin else None,
            delivery_id=twin.pk if twin else None,
            remote_id=item.remote_id,
            remote_url=item.url,
        )


def _same(shown: str, sealed: str) -> bool:
    """Whether a post says what was sealed: platforms fold white space."""
    return collapse(nfc(shown)) == collapse(nfc(sealed))


def _store(found: Iterable[Finding], standing: QuerySet[Discrepancy], now: datetime) -> None:
    known = {(row.kind, row.channel_id, row.subject): row for row in standing}
    for finding in found:
        row = known.pop((finding.kind, finding.channel.pk, finding.subject), None)
        if row is not None:
            Discrepancy.objects.filter(pk=row.pk).update(seen_at=now, detail=finding.detail[:500])
            continue
        # What a person closed stays closed as long as it is the same.
        closed = Discrepancy.objects.filter(
            kind=finding.kind, channel=finding.channel, subject=finding.subject
        ).exclude(closed_by="")
        if closed.exists():
            continue
        # Another watch may find the same in this moment.
        Discrepancy.objects.get_or_create(
            kind=finding.kind,
            channel=finding.channel,
            subject=finding.subject[:240],
            resolved_at=None,
            defaults={
                "detail": finding.detail[:500],
                "release_id": finding.release_id,
                "delivery_id": finding.delivery_id,
                "remote_id": finding.remote_id,
                "remote_url": finding.remote_url[:500],
                "found_at": now,
                "seen_at": now,
            },
        )
    for row in known.values():
        Discrepancy.objects.filter(pk=row.pk, resolved_at__isnull=True).update(resolved_at=now)


def _tell() -> None:
    """Tell of whatever nobody was told of yet: a watch may have died between finding it and telling."""
    untold = Discrepancy.objects.filter(notice__isnull=True, resolved_at__isnull=True)
    rows = list(untold.select_related("channel").order_by("pk")[:MOST_TOLD])
    if not rows:
        return
    lines = [f"- {row.get_kind_display()}: {row.channel} – {row.detail}" for row in rows[:50]]
    count = len({row.channel_id for row in rows})
    title = ngettext(
        "%(count)d channel does not show what was approved",
        "%(count)d channels do not show what was approved",
        count,
    ) % {"count": count}
    # Two watches that find the same share the key, so one of them tells it. What the other found beside it
    # is told in the next round.
    key = f"reconcile:{rows[0].pk}"
    news = notices.tell(key, title, "\n".join(lines), reverse("publishers:health"))
    told = [row.pk for row in (rows if news else rows[:1])]
    Discrepancy.objects.filter(pk__in=told).update(notice=Notice.objects.get(key=key))
