"""A time of publication that passed unused is found without any worker, and the administrators are told."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishers import scheduling
from publishers.models import Notice, Schedule
from publishers.watch import notices

_PREFIX: Final = "schedule-missed:"


def check(now: datetime) -> int:
    """Mark what was missed and tell of it once; end what was told when a person has decided. Returns how many stand."""
    scheduling.mark_missed(now)
    standing: set[str] = set()
    missed = Schedule.objects.filter(state=Schedule.State.MISSED).select_related("release")
    with override(settings.LANGUAGE_CODE):
        for row in missed.order_by("publish_at", "pk"):
            standing.add(_tell(row))
    told = Notice.objects.filter(ended_at__isnull=True, key__startswith=_PREFIX)
    for key in told.values_list("key", flat=True):
        if key not in standing:
            notices.end(key)
    return len(standing)


def _tell(row: Schedule) -> str:
    release = row.release
    key = f"{_PREFIX}{row.pk}:{row.publish_at:%Y%m%dT%H%M}"
    title = _("%s missed its time of publication") % release.reference
    text = _(
        "“%(title)s” was to be published at %(time)s. Nothing was sent, and nothing is sent by itself. "
        "An approver decides: publish now, set another time, or do not publish."
    ) % {"title": release.snapshot.get("title", ""), "time": scheduling.time_of(row.publish_at)}
    notices.tell(key, title, text, reverse("editorial:schedules"))
    return key
