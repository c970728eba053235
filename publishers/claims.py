"""Who works on what: taking a delivery for one call, and taking it back from a worker that died."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from publishers import registry
from publishers.models import Attempt, Delivery
from publishers.states import State, move

logger = logging.getLogger(__name__)

LOOKED_AT: Final = (State.UNCONFIRMED, State.DELIVERED)
"""States in which the system may have something to read back."""
WORKER_LOST: Final = "worker_lost"
SUPERSEDED: Final = "superseded"
SWEEP_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery in one worker's hands, for one call."""

    delivery: Delivery
    attempt: Attempt
    token: str
    until: datetime

    @property
    def action(self) -> str:
        """What to do: an Attempt.Action."""
        return self.attempt.action


def ready(now: datetime) -> QuerySet[Delivery]:
    """What a worker may take up at ``now``: urgent first, then what waits longest."""
    unattended = Q(lease_token="") | Q(lease_until__lte=now)
    return Delivery.objects.filter(
        Q(state=State.DUE) | Q(state__in=LOOKED_AT) & unattended,
        next_attempt_at__lte=now,
        channel__is_active=True,
        channel__paused_reason="",
    ).order_by("-urgent", "next_attempt_at", "pk")


def claim_next(worker: str, now: datetime) -> Claim | None:
    """Take up the next delivery, or None when nothing is ready.

    The claim and its attempt row are committed together before this returns, so a worker that dies in the
    call that follows has left a trace.
    """
    while True:
        # Looked up outside the transaction first: on SQLite opening one takes the only write lock.
        if not ready(now).exists():
            return None
        with transaction.atomic():
            delivery = _lock_first(ready(now))
            if delivery is None:
                return None
            claim = _take(delivery, worker, now)
        if claim is not None:
            return claim


def stay(claim: Claim, **values: Any) -> bool:
    """Give the lease back without a change of state and set ``values``. False when the lease was taken."""
    return _update_leased(claim, {"lease_token": "", "lease_until": None} | values)


def holds_lease(claim: Claim, now: datetime, seconds: float) -> bool:
    """Whether the claim is ours for ``seconds`` more: a worker that was held up must not call any more."""
    if claim.until < now + timedelta(seconds=seconds):
        return False
    return Delivery.objects.filter(pk=claim.delivery.pk, lease_token=claim.token).exists()


def promote_scheduled(now: datetime) -> int:
    """Make due what was scheduled for ``now`` or earlier. Returns how many."""
    waiting = Delivery.objects.filter(state=State.SCHEDULED, next_attempt_at__lte=now)
    return sum(move(delivery, State.DUE) for delivery in waiting.order_by("next_attempt_at")[:SWEEP_LIMIT])


def expire_leases(now: datetime) -> int:
    """Take back what a worker was sending when its lease ended. Returns how many.

    Nobody knows whether such a call went through, so it is never due again, except where sending twice
    changes nothing.
    """
    abandoned = Delivery.objects.filter(state=State.SENDING, lease_until__lte=now).select_related("channel")
    return sum(_expire(delivery, now) for delivery in abandoned.order_by("lease_until")[:SWEEP_LIMIT])


def _lock_first(rows: QuerySet[Delivery]) -> Delivery | None:
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("channel", "payload", "release").first()


def _take(delivery: Delivery, worker: str, now: datetime) -> Claim | None:
    if delivery.state == State.DUE and superseded(delivery):
        move(
            delivery,
            State.CANCELLED,
            next_attempt_at=None,
            error_code=SUPERSEDED,
            error_sentence=_("A newer approved version of this warning goes to this channel instead."),
        )
        return None
    token = secrets.token_hex(16)
    until = now + timedelta(seconds=settings.PUBLISH_LEASE)
    lease: dict[str, Any] = {"lease_token": token, "lease_until": until}
    if delivery.state == State.DUE:
        action = Attempt.Action.SEND
        taken = move(
            delivery,
            State.SENDING,
            next_attempt_at=None,
            attempts=delivery.attempts + 1,
            first_sent_at=delivery.first_sent_at or now,
            **lease,
        )
    else:
        action = Attempt.Action.READ_BACK
        taken = _lease_look(delivery, lease, now)
    if not taken:
        return None
    last: int | None = Attempt.objects.filter(delivery=delivery).aggregate(last=Max("number"))["last"]
    attempt = Attempt.objects.create(
        delivery=delivery, number=(last or 0) + 1, action=action, worker=worker[:80], started_at=now
    )
    return Claim(delivery, attempt, token, until)


def _lease_look(delivery: Delivery, lease: dict[str, Any], now: datetime) -> bool:
    # The time stays: should the worker die, the look is ready again as soon as its lease has ended.
    rows = Delivery.objects.filter(
        Q(lease_token="") | Q(lease_until__lte=now),
        pk=delivery.pk,
        state=delivery.state,
        next_attempt_at__lte=now,
    )
    if rows.update(updated_at=now, **lease) != 1:
        return False
    for name, value in lease.items():
        setattr(delivery, name, value)
    return True


def superseded(delivery: Delivery) -> bool:
    newer = Delivery.objects.filter(
        channel_id=OuterRef("channel_id"),
        release__page_id=OuterRef("release__page_id"),
        release__number__gt=OuterRef("release__number"),
    ).exclude(state__in=[State.CANCELLED, State.FAILED])
    return Delivery.objects.filter(Exists(newer), pk=delivery.pk).exists()


def _update_leased(claim: Claim, changes: dict[str, Any]) -> bool:
    delivery = claim.delivery
    rows = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, lease_token=claim.token)
    if rows.update(**changes) != 1:
        return False
    for name, value in changes.items():
        setattr(delivery, name, value)
    return True


def _expire(delivery: Delivery, now: datetime) -> bool:
    lease = delivery.lease_token
    logger.warning("Delivery %s: its worker did not come back in time", delivery.pk)
    if not _repeatable(delivery):
        return move(
            delivery,
            State.UNCONFIRMED,
            lease=lease,
            lookups=0,
            next_attempt_at=now + timedelta(seconds=settings.PUBLISH_GRACE),
            error_code=WORKER_LOST,
            error_sentence=_(
                "The program stopped while this was being sent. "
                "The system reads the channel to see whether it is out."
            ),
        )
    cause = {
        "error_code": WORKER_LOST,
        "error_sentence": _("The program stopped while this was being published. The system repeats it."),
    }
    if delivery.attempts >= settings.PUBLISH_MAX_ATTEMPTS:
        cause["error_sentence"] = _(
            "The program stopped each time this was being published. "
            "Tell the administrator, then press “Retry”."
        )
        return move(delivery, State.FAILED, lease=lease, next_attempt_at=None, **cause)
    return move(delivery, State.DUE, lease=lease, next_attempt_at=now, **cause)


def _repeatable(delivery: Delivery) -> bool:
    try:
        return registry.capabilities(delivery.channel.kind).repeatable
    except (KeyError, ImportError, AttributeError):
        return False
