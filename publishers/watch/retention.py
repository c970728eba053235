"""What the platforms told us is kept as long as somebody may ask about it, and no longer."""

from datetime import datetime, timedelta
from typing import Final

from publishers.models import PlatformEvent

KEPT: Final = timedelta(days=90)
"""Deliveries, their steps and their figures are the record and stay; raw events are only its raw material."""
BATCH: Final = 2000


def forget_events(now: datetime) -> int:
    """Delete handled events older than KEPT, at most BATCH of them. Returns how many."""
    old = PlatformEvent.objects.filter(handled_at__lt=now - KEPT)
    doomed = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return PlatformEvent.objects.filter(pk__in=doomed).delete()[0]
