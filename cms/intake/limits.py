"""How often one visitor may use a form, and all visitors together.

Counted in the database, so every process agrees. The address itself is not kept: only a digest with the day in it.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.core import visitor
from cms.intake.models import Knock, SpentStamp

KEPT: Final = timedelta(days=2)
_BATCH: Final = 5000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``one`` uses of ``door`` by one visitor within ``within``, and ``all`` by everybody (0: no limit)."""

    door: str
    one: int
    within: timedelta
    all: int = 0


def allows(request: HttpRequest, limit: Limit, now: datetime) -> bool:
    """Count this use of the door and say whether it is still within ``limit``."""
    who, since = _who(request, now), now - limit.within
    uses = Knock.objects.filter(door=limit.door, at__gt=since)
    if limit.all and uses.count() >= limit.all:
        return False
    # Two at the same moment may both pass: one more or less is no harm.
    if uses.filter(who=who).count() >= limit.one:
        return False
    Knock.objects.create(door=limit.door, who=who, at=now)
    return True


def forget(now: datetime) -> int:
    """Delete what is no longer needed to count, in bounded steps. Returns how many rows."""
    gone = 0
    for model in (Knock, SpentStamp):
        old = list(model._default_manager.filter(at__lt=now - KEPT).values_list("pk", flat=True)[:_BATCH])
        gone += model._default_manager.filter(pk__in=old).delete()[0]
    return gone


def _who(request: HttpRequest, now: datetime) -> str:
    day = timezone.localtime(now).date().isoformat()
    return salted_hmac("cms.intake.who", f"{day} {_network(visitor.address(request))}").hexdigest()[:32]


def _network(address: str) -> str:
    """Of an IPv6 address its /64: one household has more addresses than could be counted."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
