"""Nothing is kept of addresses that were never confirmed, and no letters longer than they may be asked about."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from cms.subscriptions import addresses
from cms.subscriptions.models import Letter, Subscriber

LETTERS_KEPT: Final = timedelta(days=180)
"""Longer than most corrections take: who was told of a warning is told of its correction."""
BATCH: Final = 2000


def run(now: datetime) -> int:
    """Delete what has reached its term. Returns how many addresses. Named by settings.WATCH_JOBS."""
    late = Subscriber.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=now - timedelta(hours=settings.SUBSCRIPTION_HOURS)
    )
    gone = list(late.order_by("pk").values_list("pk", flat=True)[:BATCH])
    Subscriber.objects.filter(pk__in=gone, confirmed_at__isnull=True).delete()
    old = Letter.objects.filter(at__lt=now - LETTERS_KEPT).order_by("pk").values_list("pk", flat=True)
    Letter.objects.filter(pk__in=list(old[:BATCH])).delete()
    return len(gone)


def forget(address: str) -> bool:
    """Delete the subscription of ``address``, asked for by letter or in person. False when there is none."""
    subscriber = addresses.find(addresses.normal(address)) if addresses.normal(address) else None
    if subscriber is None:
        return False
    subscriber.delete()
    return True
