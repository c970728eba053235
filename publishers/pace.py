"""How fast messages may leave: arithmetic on one time per channel, account and platform.

The generic cell rate algorithm: ``open_at`` is when the next message may leave; each message moves it on by
one interval. Times in the past are credit, at most the burst. A platform that asks us to wait moves it on too.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from publishers import registry
from publishers.contracts import Rate, Scope
from publishers.models import Channel, Credential, Platform
from publishers.prepared import Prepared

LONGEST = 24 * 3600.0
"""Seconds; no platform holds us back longer than this without asking again."""


def take(open_at: datetime | None, now: datetime, rate: Rate | None) -> datetime | None:
    """When the next message may leave, if one leaves ``now``; None if none may.

    Without a ``rate`` any number may leave, as long as nobody asked us to wait.
    """
    if rate is None:
        return None if open_at is not None and open_at > now else (open_at or now)
    interval = timedelta(seconds=rate.interval)
    oldest_credit = now - interval * (max(rate.burst, 1) - 1)
    start = max(open_at or oldest_credit, oldest_credit)
    return start + interval if start <= now else None


def rate_of(kind: str, scope: Scope) -> Rate | None:
    """The pace of a kind of channel: settings.PUBLISH_RATES ("kind.scope"), else what its adapter declares."""
    chosen: Mapping[str, tuple[float, float, int]] = settings.PUBLISH_RATES
    found = chosen.get(f"{kind}.{scope.value}")
    if found is not None:
        return Rate(*found) if found[0] > 0 else None
    return registry.capabilities(kind).rates.get(scope)


def slow_down(channel: Channel, scope: Scope, seconds: float, now: datetime) -> None:
    """Let no message of this scope leave for ``seconds``; an earlier, longer wait stays."""
    until = now + timedelta(seconds=min(max(seconds, 0.0), LONGEST))
    later: dict[str, Any] = {"open_at": Greatest(Coalesce(F("open_at"), until), until)}
    if scope is Scope.PLATFORM:
        key = registry.platform_of(channel.kind)
        Platform.objects.get_or_create(key=key)
        Platform.objects.filter(pk=key).update(**later)
    elif scope is Scope.ACCOUNT and channel.credential_id:
        Credential.objects.filter(pk=channel.credential_id).update(**later)
    else:
        Channel.objects.filter(pk=channel.pk).update(**later)


def is_open(prefix: str, now: datetime) -> Q:
    """Whether the row that ``prefix`` leads to (``channel__``) may be called at ``now``."""
    return Q(**{f"{prefix}open_at__isnull": True}) | Q(**{f"{prefix}open_at__lte": now})


def closed_kinds(now: datetime) -> list[str]:
    """The kinds of channel whose platform asked us to wait."""
    closed = {key for (key,) in _closed.rows(now)}
    return [kind for kind in registry.kinds() if registry.platform_of(kind) in closed] if closed else []


_closed = Prepared(lambda now: Platform.objects.filter(open_at__gt=now).values_list("key"))
