"""The countdown of every account's access: told in time, once for each step."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishers.models import Credential, Notice
from publishers.watch import notices

DAYS: Final = (0, 1, 7, 30)
"""Days before the end at which people are told."""
MOST_NAMES: Final = 10
_PREFIX: Final = "token-expiry:"


def notice_expiries(now: datetime) -> int:
    """Tell of every account that must be reconnected within 30, 7, 1 or 0 days; how many of it is news.

    An account that was reconnected, or that came to its next step, ends what was told before.
    """
    news = 0
    standing = set()
    ending = Credential.objects.filter(reconnect_by__lte=now + timedelta(days=max(DAYS)))
    for account in ending.order_by("reconnect_by", "pk"):
        key, title = _step(account, now)
        standing.add(key)
        url = reverse("publishers:connect", args=[account.pk])
        news += notices.tell(key, title, _text(account), url)
    for key in _told():
        if key not in standing:
            notices.end(key)
    return news


def end_expiries(account: Credential) -> None:
    """The account was reconnected: what was told of its end is over."""
    for key in _told():
        if key.startswith(f"{_PREFIX}{account.pk}:"):
            notices.end(key)


def _told() -> Iterator[str]:
    told = Notice.objects.filter(ended_at__isnull=True, key__startswith=_PREFIX)
    yield from told.values_list("key", flat=True)


def _step(account: Credential, now: datetime) -> tuple[str, str]:
    """The key and title of the step the countdown stands at."""
    end = account.reconnect_by
    assert end is not None  # noqa: S101  the query asked for it
    left = end - now
    step = next(days for days in DAYS if left <= timedelta(days=days))
    day = timezone.localdate(end)
    shown = {"account": account, "date": day.strftime("%d/%m/%Y")}
    if left <= timedelta(0):
        title = _("The connection of “%(account)s” ended on %(date)s") % shown
    else:
        days = max(1, -(-left // timedelta(days=1)))
        title = ngettext(
            "The connection of “%(account)s” ends in %(days)s day, on %(date)s",
            "The connection of “%(account)s” ends in %(days)s days, on %(date)s",
            days,
        ) % (shown | {"days": days})
    return f"{_PREFIX}{account.pk}:{day.isoformat()}:{step}", title


def _text(account: Credential) -> str:
    names = list(account.channels.filter(is_active=True).values_list("name", flat=True)[: MOST_NAMES + 1])
    lines = [_("Reconnect this account: after that day nothing can be sent through it.")]
    if names:
        lines += ["", _("Channels that speak through it:"), *(f"- {name}" for name in names[:MOST_NAMES])]
    if len(names) > MOST_NAMES:
        lines.append("- …")
    return "\n".join(lines)
