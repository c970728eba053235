"""A correction or withdrawal that has not reached every channel in time is told to the administrators."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishers import closing
from publishers.models import Notice
from publishers.watch import notices

_PREFIX: Final = "change-open:"


def check(now: datetime) -> int:
    """Tell of each that is overdue, once; end what was told when its last channel is closed. Returns how many stand."""
    standing: set[str] = set()
    with override(settings.LANGUAGE_CODE):
        for clock in closing.still_open():
            if clock.is_overdue(now):
                standing.add(_tell(clock))
    told = Notice.objects.filter(ended_at__isnull=True, key__startswith=_PREFIX)
    for key in told.values_list("key", flat=True):
        if key not in standing:
            notices.end(key)
    return len(standing)


def _tell(clock: closing.Clock) -> str:
    release = clock.release
    key = f"{_PREFIX}{release.pk}"
    title = _("%(kind)s %(code)s has not reached every channel") % {
        "kind": release.get_kind_display(),
        "code": release.reference,
    }
    text = _(
        "“%(title)s”: %(closed)d of %(channels)d channels are closed. Open the release, see what each open channel "
        "needs, and close it: retry, confirm by hand, or give it up with a reason."
    ) % {"title": clock.title, "closed": clock.closed, "channels": clock.channels}
    notices.tell(key, title, text, reverse("publishers:release", args=[release.pk]))
    return key
