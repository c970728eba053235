"""Every release that is on its way or young is compared with what was signed, whether or not anything is sent."""

import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from media import sealed
from publishers import tampering
from publishers.models import Delivery, Release
from publishers.states import State

UNFINISHED_SECONDS: Final = 30.0
SETTLED_SECONDS: Final = 5.0
"""So long at most in each round: with thousands of channels, the releases of a week take a few rounds."""
_UNFINISHED: Final = (
    State.SCHEDULED,
    State.DUE,
    State.SENDING,
    State.UNCONFIRMED,
    State.AWAITING_PERSON,
    State.FAILED,
)


class SealCheck:
    """What is still on its way in every round; what is out goes round, as far as the time allows."""

    def __init__(self) -> None:
        self._after: dict[bool, int] = {}

    def __call__(self, now: datetime) -> int:
        """Examine what there is. Returns how many things are not as signed."""
        pictures = _Pictures()
        found = 0
        for settled, seconds in ((False, UNFINISHED_SECONDS), (True, SETTLED_SECONDS)):
            end = time.monotonic() + seconds
            for pk in self._turn(now, settled=settled):
                release = Release.objects.select_related("revision").get(pk=pk)
                found += len(tampering.examine(release, now, picture_is_well=pictures.are_well))
                self._after[settled] = pk
                if time.monotonic() >= end:
                    break
        return found

    def _turn(self, now: datetime, *, settled: bool) -> list[int]:
        """What one round did not reach comes first in the next."""
        after = self._after.get(settled, 0)
        wanted = list(_watched(now, settled=settled).order_by("pk").values_list("pk", flat=True))
        return [pk for pk in wanted if pk > after] + [pk for pk in wanted if pk <= after]


class _Pictures:
    """Every file is read once in a run, however many channels get it."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def are_well(self, digest: str) -> bool:
        """Whether the sealed file still is what its name says."""
        if digest not in self._known:
            try:
                sealed.read(digest)
            except sealed.SealedFileDamaged:
                self._known[digest] = False
            else:
                self._known[digest] = True
        return self._known[digest]


def _watched(now: datetime, *, settled: bool) -> QuerySet[Release]:
    unfinished = Delivery.objects.filter(release_id=OuterRef("pk"), state__in=_UNFINISHED)
    if not settled:
        return Release.objects.filter(Exists(unfinished))
    since = now - timedelta(days=settings.RECONCILE_DAYS)
    return Release.objects.filter(~Exists(unfinished), sealed_at__gte=since)
