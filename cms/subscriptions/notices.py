"""What subscribers are told: every release the portal shows, once, and to whom.

Two steps, each of which may be cut off at any point and goes on where it was: a Notice is written down for a
release, then a Letter for every subscriber it concerns. Sending is another matter (outbox.py).
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.subscriptions.models import Letter, Notice, Subscriber
from cms.users.enums import COMMUNE_LEVEL
from publishers.models import Delivery, Release
from scam_warnings.enums import Severity

FRESH: Final = timedelta(days=3)
"""A release that became public longer ago is no news: an archive that moves in tells nobody."""
AT_ONCE: Final = 500
ROUNDS: Final = 40
_RANK: Final = {Severity.INFO: 0, Severity.CAUTION: 1, Severity.URGENT: 2}


def write_down(now: datetime) -> int:
    """Write down new notices, and letters for those under way. Returns how many letters. Named by WATCH_JOBS."""
    for release in new_releases(now):
        Notice.objects.get_or_create(release_id=release, defaults={"at": now})
    written = 0
    for notice in Notice.objects.filter(is_complete=False).order_by("-release__urgent", "pk"):
        written += address(notice, now)
    return written


def new_releases(now: datetime) -> list[int]:
    """Releases the portal has shown since FRESH that nobody was told of, in the order in which it showed them."""
    told = Notice.objects.filter(release=OuterRef("release"))
    shown = Delivery.objects.filter(
        ~Exists(told), channel__kind="portal", delivered_at__isnull=False, delivered_at__gt=now - FRESH
    )
    return list(shown.order_by("delivered_at", "pk").values_list("release_id", flat=True)[:AT_ONCE])


def address(notice: Notice, now: datetime) -> int:
    """Write a letter for each subscriber whom ``notice`` concerns, from where it was left. Returns how many."""
    release = Release.objects.select_related("page__unit").get(pk=notice.release_id)
    urgent = severity_of(release) == Severity.URGENT
    written = 0
    for _round in range(ROUNDS):
        with transaction.atomic():
            rows = concerned(release).filter(pk__gt=notice.reached).order_by("pk")
            batch = list(rows.values_list("pk", flat=True)[:AT_ONCE])
            Letter.objects.bulk_create(
                [
                    Letter(
                        notice=notice,
                        subscriber_id=pk,
                        kind=Letter.Kind.NOTICE,
                        urgent=urgent,
                        at=now,
                        due_at=now,
                    )
                    for pk in batch
                ],
                ignore_conflicts=True,
            )
            notice.reached = batch[-1] if batch else notice.reached
            notice.is_complete = len(batch) < AT_ONCE
            notice.save(update_fields=["reached", "is_complete"])
        written += len(batch)
        if notice.is_complete:
            break
    return written


def concerned(release: Release) -> QuerySet[Subscriber]:
    """The confirmed subscribers who wish to hear of ``release``, or were told what it corrects or withdraws."""
    severity = severity_of(release)
    least = [key for key, rank in _RANK.items() if rank <= _RANK[severity]]
    wish = Q(least__in=least) & (Q(all_types=True) | Q(types__key=release.snapshot["scam_type"]["key"]))
    unit = release.page.unit
    if unit is not None and unit.kind in COMMUNE_LEVEL:
        wish &= Q(unit__isnull=True) | Q(unit=unit)
    if release.kind != Release.Kind.PUBLICATION:
        before = Letter.objects.filter(subscriber=OuterRef("pk"), notice__release__page=release.page_id)
        wish |= Q(Exists(before.filter(state__in=(Letter.State.SENT, Letter.State.UNKNOWN))))
    return Subscriber.objects.filter(wish, confirmed_at__isnull=False).distinct()


def severity_of(release: Release) -> Severity:
    """The severity as it was signed."""
    return Severity(release.snapshot["severity"]["key"])
