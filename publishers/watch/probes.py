"""Harmless checks of every account and channel by schedule: a dead token is found before it is needed."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from publishers import halt, registry, services
from publishers.adapters.zalo_group.access import AHEAD
from publishers.connecting.standing import check_account, renew_ahead
from publishers.contracts import AuthExpired, Mode, PublishError, RateLimited
from publishers.credentials import require_reconnect
from publishers.models import Channel, Credential, Notice, Platform
from publishers.watch import notices

logger = logging.getLogger(__name__)

ERROR_SECONDS: Final = 600.0
"""How soon something that failed is checked again."""
MOST: Final = 20
"""Calls of one run: 2,000 channels every six hours are six a minute."""
RUN_SECONDS: Final = 45.0
"""After this long a run begins no further call, whatever ``limit`` allows."""
_GOLDEN: Final = 0.6180339887498949
_DEAD: Final = "account-dead:"


@dataclass(frozen=True, slots=True)
class Probed:
    """What one run did: calls made, how many failed, and whether more was due than it could do."""

    checked: int = 0
    failed: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Call:
    """One check that is due, and the account it speaks as (None: none)."""

    account: int | None
    make: Callable[[], object]


def probe(now: datetime, limit: int = MOST) -> Probed:
    """Check what is due at ``now``, at most ``limit`` of it, and tell of accounts that need a person.

    Each channel and account has its own time of the period (settings.PROBE_SECONDS); what failed is checked
    again after ERROR_SECONDS. Nothing is asked while everything is stopped, nor of what has to wait
    (``open_at``). Of an account that must be reconnected, one channel is asked, not all.
    """
    if halt.standing() is not None:
        return Probed()
    checked = failed = 0
    more = False
    resting: set[int] = set()
    end = time.monotonic() + RUN_SECONDS
    for call in _due(now):
        if call.account in resting:
            continue
        if checked >= limit or time.monotonic() >= end:
            more = True
            break
        checked += 1
        try:
            call.make()
        except PublishError as error:
            failed += 1
            logger.info("The probe of account %s failed: %s", call.account, error.code)
            if call.account is not None and isinstance(error, AuthExpired | RateLimited):
                resting.add(call.account)
        if call.account is not None:
            Credential.objects.filter(pk=call.account).update(probed_at=now)
    tell_dead_accounts()
    return Probed(checked, failed, more)


def dead_key(account: int) -> str:
    """The key of the notice that this account must be reconnected."""
    return f"{_DEAD}{account}"


def tell_dead_accounts() -> None:
    """One notice for every account that must be reconnected, until it is."""
    dead = Credential.objects.filter(
        Q(health=Credential.Health.RECONNECT_REQUIRED) | Q(rotation_outcome_unknown=True)
    )
    standing = set()
    for account in dead.order_by("pk"):
        key = dead_key(account.pk)
        standing.add(key)
        text = account.health_note or _(
            "Renewing this account's access was interrupted. It works only until the access so far ends. "
            "Reconnect it before that."
        )
        url = reverse("publishers:connect", args=[account.pk])
        notices.tell(key, _("“%s” must be reconnected") % account, text, url)
    told = Notice.objects.filter(ended_at__isnull=True, key__startswith=_DEAD)
    for key in told.values_list("key", flat=True):
        if key not in standing and not _still_failing(key):
            notices.end(key)


def _still_failing(key: str) -> bool:
    """Whether a channel of the account fails although another one works: else the notice would come and go."""
    number = key.removeprefix(_DEAD)
    failing = Channel.objects.filter(is_active=True).exclude(check_error="")
    return number.isdigit() and failing.filter(credential_id=int(number)).exists()


def _due(now: datetime) -> Iterator[_Call]:
    closed = set(Platform.objects.filter(open_at__gt=now).values_list("key", flat=True))
    yield from _renewals(now, closed)
    rows = Channel.objects.filter(is_active=True).filter(Q(open_at__isnull=True) | Q(open_at__lte=now))
    rows = rows.filter(Q(credential__open_at__isnull=True) | Q(credential__open_at__lte=now))
    # What was never checked comes first, then what waited longest.
    waiting = sorted(
        rows.values_list("pk", "kind", "checked_at", "check_error", "credential_id", "credential__health"),
        key=lambda row: (row[2] is not None, row[2] or now, row[0]),
    )
    asked: set[int] = set()
    for pk, kind, checked_at, error, account, health in waiting:
        if registry.platform_of(kind) in closed or _posted_by_hand(kind):
            continue
        dead = health == Credential.Health.RECONNECT_REQUIRED
        if (dead and account in asked) or not _is_due(pk, checked_at, now, failed=bool(error) or dead):
            continue
        if dead:
            asked.add(account)
        yield _Call(account, partial(_check_channel, pk))
    yield from _idle_accounts(now, closed)


def _renewals(now: datetime, closed: set[str]) -> Iterator[_Call]:
    """Official Accounts whose access ends before they are certain to be looked at again."""
    ahead = now + AHEAD + timedelta(seconds=_period())
    ending = Credential.objects.filter(
        kind="zalo_oa",
        expires_at__lte=ahead,
        health=Credential.Health.OK,
        rotation_outcome_unknown=False,
    )
    # A renewal that could not be made is not tried again every minute.
    rested = Q(probed_at__isnull=True) | Q(probed_at__lte=now - timedelta(seconds=_error_seconds()))
    if "zalo_oa" not in closed:
        for account in ending.filter(rested).order_by("expires_at"):
            yield _Call(account.pk, partial(renew_ahead, account))


def _idle_accounts(now: datetime, closed: set[str]) -> Iterator[_Call]:
    """Accounts that no channel in use speaks through."""
    used = Channel.objects.filter(is_active=True, credential__isnull=False).values("credential_id")
    idle = Credential.objects.exclude(pk__in=used).exclude(kind__in=closed)
    for account in idle.filter(Q(open_at__isnull=True) | Q(open_at__lte=now)).order_by("probed_at", "pk"):
        dead = account.health == Credential.Health.RECONNECT_REQUIRED
        if _is_due(account.pk, account.probed_at, now, failed=dead):
            yield _Call(account.pk, partial(_check_idle, account))


def _check_channel(pk: int) -> None:
    channel = Channel.objects.filter(pk=pk).first()
    if channel is not None:
        services.check_channel(channel, by_person=False)


def _check_idle(account: Credential) -> None:
    try:
        check_account(account)
    except AuthExpired as error:
        require_reconnect(account.pk, error.sentence)
        raise
    Credential.objects.filter(pk=account.pk, rotation_outcome_unknown=False).update(
        health=Credential.Health.OK, health_note=""
    )


def _is_due(pk: int, checked_at: datetime | None, now: datetime, *, failed: bool) -> bool:
    """Whether the last check lies before the row's own time of the current period."""
    if checked_at is None:
        return True
    if failed:
        return (now - checked_at).total_seconds() >= _error_seconds()
    period = _period()
    # Multiples of the golden ratio spread any run of numbers evenly over the period.
    own = (pk * _GOLDEN % 1.0) * period
    latest = (now.timestamp() - own) // period * period + own
    return checked_at.timestamp() < latest


def _error_seconds() -> float:
    return min(ERROR_SECONDS, _period())


def _period() -> float:
    return max(1.0, settings.PROBE_SECONDS)


def _posted_by_hand(kind: str) -> bool:
    # A kind whose package is gone is checked: the channel then says what is wrong.
    return kind in registry.kinds() and registry.capabilities(kind).mode is Mode.ASSISTED
