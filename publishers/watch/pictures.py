"""Sealed files of drafts that came to nothing: every preview leaves some, and nobody asks for them again."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from django.db.models import Q

from media import sealed
from publishers import scheduling
from publishers.models import Payload, Release, Schedule

KEPT: Final = timedelta(days=7)
"""A draft that is looked at again draws its pictures anew; until then they only save time."""
SIGNED: Final = timedelta(days=60)
"""What was signed this long ago has been sent, and shows its pictures, or has been given up."""
BATCH: Final = 2000


def forget_drafts(now: datetime) -> int:
    """Delete hidden sealed files older than KEPT, at most BATCH of them. Returns how many.

    Those of a release that waits for its time stay, and those of a young one, whatever became of it.
    """
    before = (now - KEPT).timestamp()
    if not sealed.hidden(before=before):
        return 0
    needed = _needed(now)
    # Looked at again: somebody may have needed one in the meantime.
    doomed = [path for path in sealed.hidden(before=before) if path.stem not in needed][:BATCH]
    for path in doomed:
        path.unlink(missing_ok=True)
    return len(doomed)


def _needed(now: datetime) -> set[str]:
    held = Schedule.objects.filter(state__in=scheduling.HELD).values("release")
    rows = Release.objects.filter(Q(pk__in=held) | Q(sealed_at__gte=now - SIGNED))
    images = Payload.objects.filter(release__in=rows).values_list("images", flat=True)
    named = chain(rows.values_list("snapshot", flat=True).iterator(100), images.iterator(1000))
    return set().union(*map(sealed.named_in, named))
