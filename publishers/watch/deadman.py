"""The dead-man alarm: something is due and nothing moves."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from publishers import clock
from publishers.claims import ready
from publishers.models import Transition
from publishers.states import State
from publishers.watch import notices

KEY = "dead-man"


def stuck_since(now: datetime) -> datetime | None:
    """Since when the longest waiting delivery should have left, if nothing has moved for DEADMAN_SECONDS.

    What waits on purpose (a halt, a pause, quiet hours, a pace) does not count.
    """
    patience = timedelta(seconds=settings.DEADMAN_SECONDS)
    due = ready(now).filter(state=State.DUE, next_attempt_at__lte=now - patience).order_by()
    oldest: datetime | None = due.aggregate(oldest=Min("next_attempt_at"))["oldest"]
    if oldest is None:
        return None
    moved = Transition.objects.filter(before=State.SENDING, at__gt=now - patience)
    return None if moved.exists() else oldest


def alarm() -> str:
    """The sentence for the banner of every admin page; empty when all is well."""
    since = stuck_since(clock.now())
    if since is None:
        return ""
    return _("Due deliveries have not moved since %s. Look at the health page.") % _time(since)


def check(now: datetime) -> bool:
    """Tell the administrators once when deliveries get stuck, and end it when they move. True while stuck."""
    since = stuck_since(now)
    if since is None:
        notices.end(KEY)
        return False
    notices.tell(
        KEY,
        _("Deliveries are not moving"),
        _(
            "Deliveries that were due at %s have not been sent, and nothing has moved since. "
            "See whether the worker runs, then open the health page."
        )
        % _time(since),
        reverse("publishers:health"),
    )
    return True


def _time(moment: datetime) -> str:
    return localtime(moment).strftime("%H:%M %d/%m/%Y")
