"""What an answer means for a delivery: one short transaction that moves it on and closes its attempt."""

import random
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cms.core.http import scrub
from cms.core.text import collapse
from publishers import backoff, breaker, headstart, pace, registry, statements
from publishers.adapters import replies
from publishers.claims import LATER, Claim, repeatable, stay
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    Event,
    Operation,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Receipt,
    Rejected,
    Temporary,
)
from publishers.credentials import require_reconnect
from publishers.models import Attempt, Channel, Delivery
from publishers.registry import PORTAL
from publishers.states import State, move

LATE: Final = "late"
ABSENT: Final = "absent"
NOT_SEEN: Final = "not_seen"
DUPLICATES: Final = "duplicates"
_NOT_A_FAILED_LOOK: Final = (ABSENT, "rate_limited", "auth_expired")

Answer = Receipt | PublishError | None
"""What a call brought; None: looked, and it is not there."""


class SealBroken(PublishError):
    """What would be sent is not what was signed: refused by ourselves, before any call."""

    default_code = "seal_broken"


class CannotLook(PublishError):
    """This kind of channel cannot be read back."""

    default_code = "cannot_look"


class NotCalled(PublishError):
    """The worker came too late to begin, so nothing was sent."""

    default_code = "not_called"


@transaction.atomic
def record(claim: Claim, answer: Answer, now: datetime) -> str:
    """Store what ``answer`` means; the outcome of the attempt, ``late`` when the lease was taken meanwhile.

    A late worker changes nothing but its own attempt row.
    """
    if isinstance(answer, Receipt) and not replies.identifier(answer.remote_id):
        answer = OutcomeUnknown(
            _("The channel answered without an identifier. The system looks whether the post is there."),
            code="no_id",
        )
    if claim.action == Attempt.Action.READ_BACK:
        outcome, moved = _looked(claim, answer, now)
    else:
        outcome, moved = _sent(claim, answer, now)
    error = answer if isinstance(answer, PublishError) else None
    sentence = clean(error.sentence) if error else ""
    if not moved:
        # What came back too late is kept for whoever has to find out what happened.
        sentence = answer.remote_id if isinstance(answer, Receipt) else sentence
        outcome = LATE
    statements.update(
        Attempt,
        {"id": claim.attempt.pk, "outcome": ""},
        {
            "finished_at": now,
            "outcome": outcome,
            "code": _code(error) if error else "",
            "sentence": sentence[:500],
        },
    )
    return outcome


def clean(text: str) -> str:
    """A sentence fit for a column: secrets masked, one line, at most 500 characters."""
    return collapse(scrub(text[:5000]))[:500]


def _code(error: PublishError) -> str:
    return clean(error.code)[:60] or error.default_code


def _sent(claim: Claim, answer: Answer, now: datetime) -> tuple[str, bool]:
    delivery = claim.delivery
    if isinstance(answer, Receipt):
        breaker.succeeded(delivery.channel)
        return _published(claim, answer, now)
    error = answer or OutcomeUnknown(_("The channel gave no answer."))
    cause = _cause(error)
    if isinstance(error, NotCalled):
        again = {"next_attempt_at": now, "attempts": max(delivery.attempts - 1, 0)}
        return error.default_code, _move(claim, State.DUE, **again)
    if isinstance(error, RateLimited):
        seconds = backoff.rate_limit_delay(error.retry_after)
        again = {
            "next_attempt_at": now + timedelta(seconds=seconds),
            "attempts": max(delivery.attempts - 1, 0),
        }
        pace.slow_down(delivery.channel, error.scope, seconds, now)
        return error.default_code, _move(claim, State.DUE, **again, **cause)
    breaker.failed(delivery.channel, error, clean(error.sentence), now)
    if isinstance(error, AuthExpired | ChannelGone | Rejected | SealBroken):
        moved = _move(claim, _given_up(claim), next_attempt_at=None, **cause)
        if moved:
            _pause(claim, error)
        return error.default_code, moved
    if isinstance(error, Temporary) or repeatable(delivery):
        unknown_too = isinstance(error, OutcomeUnknown)
        return "unknown" if unknown_too else error.default_code, _again_later(claim, error, now)
    unknown = now + timedelta(seconds=settings.PUBLISH_GRACE)
    return "unknown", _move(claim, State.UNCONFIRMED, lookups=0, next_attempt_at=unknown, **cause)


def _move(claim: Claim, to: State, **values: Any) -> bool:
    return move(claim.delivery, to, lease=claim.token, actor=claim.attempt.worker, **values)


def _given_up(claim: Claim) -> State:
    """Failed, unless an earlier call may have done it after all: then a person looks."""
    earlier = Attempt.objects.filter(delivery=claim.delivery, number__lt=claim.attempt.number)
    doubtful = earlier.exclude(action=Attempt.Action.READ_BACK).filter(outcome__in=("unknown", ""))
    if repeatable(claim.delivery) and doubtful.filter(guarded_at__isnull=False).exists():
        return State.AWAITING_PERSON
    return State.FAILED


def _published(claim: Claim, receipt: Receipt, now: datetime) -> tuple[str, bool]:
    delivery, able = claim.delivery, registry.capabilities(claim.delivery.channel.kind)
    proof = _proof(receipt, now) | {"notice": clean(receipt.notice)[:300]}
    if able.repeatable:
        moved = _move(claim, State.CONFIRMED, confirmed_at=now, next_attempt_at=None, **proof)
        if moved:
            if delivery.channel.kind == PORTAL:
                headstart.end(delivery, now)
            _withdrawn(claim, now)
        return "delivered", moved
    # That a post is gone shows in the reconciler's list, not in a search for it.
    seen_by_looking = able.read_back and claim.operation is not Operation.DELETE
    look = now + timedelta(seconds=settings.PUBLISH_GRACE) if seen_by_looking else None
    if able.insights and claim.operation is Operation.CREATE:
        proof["figures_at"] = now + timedelta(hours=1)
    moved = _move(claim, State.DELIVERED, lookups=0, turn=LATER, next_attempt_at=look, **proof)
    if moved and receipt.duplicates:
        move(delivery, State.AWAITING_PERSON, next_attempt_at=None, **_duplicates(receipt))
    elif moved:
        _withdrawn(claim, now)
    return "delivered", moved


def _withdrawn(claim: Claim, now: datetime) -> None:
    """Note on the earlier post that its withdrawal reached the channel."""
    if claim.delivery.release.kind == Event.WITHDRAWAL:
        close_withdrawn(claim.delivery, actor=claim.attempt.worker)


def close_withdrawn(withdrawal: Delivery, *, actor: str) -> None:
    """Every delivery of the warning that still stands on this channel is withdrawn now."""
    standing = Delivery.objects.filter(
        channel_id=withdrawal.channel_id,
        release__page_id=withdrawal.release.page_id,
        release__number__lt=withdrawal.release.number,
        state__in=[State.DELIVERED, State.CONFIRMED, State.AWAITING_PERSON],
    ).exclude(remote_id="")
    for delivery in standing:
        move(delivery, State.WITHDRAWN, actor=actor, next_attempt_at=None)


def _again_later(claim: Claim, error: PublishError, now: datetime) -> bool:
    delivery, cause = claim.delivery, _cause(error)
    if delivery.attempts >= settings.PUBLISH_MAX_ATTEMPTS:
        end = State.AWAITING_PERSON if isinstance(error, OutcomeUnknown) else _given_up(claim)
        return _move(claim, end, next_attempt_at=None, **cause)
    seconds = backoff.retry_delay(
        delivery.attempts,
        settings.PUBLISH_BACKOFF,
        draw=random.random(),  # noqa: S311 - spreads retries, guards nothing
        retry_after=error.retry_after,
    )
    return _move(claim, State.DUE, next_attempt_at=now + timedelta(seconds=seconds), **cause)


def _looked(claim: Claim, answer: Answer, now: datetime) -> tuple[str, bool]:
    if isinstance(answer, Receipt):
        return "found", _found(claim, answer, now)
    if answer is None:
        return ABSENT, _absent(claim, now)
    if isinstance(answer, CannotLook):
        return answer.default_code, _move(
            claim, State.AWAITING_PERSON, next_attempt_at=None, **_cause(answer)
        )
    if isinstance(answer, RateLimited):
        seconds = backoff.rate_limit_delay(answer.retry_after)
        pace.slow_down(claim.delivery.channel, answer.scope, seconds, now)
        later = now + timedelta(seconds=seconds)
        return answer.default_code, stay(claim, next_attempt_at=later, updated_at=now)
    if isinstance(answer, AuthExpired):
        wait = timedelta(seconds=settings.PUBLISH_GRACE)
        stayed = stay(claim, next_attempt_at=now + wait, updated_at=now)
        if stayed:
            _pause(claim, answer)
        return answer.default_code, stayed
    return "lookup_failed", _look_failed(claim, answer, now)


def _found(claim: Claim, receipt: Receipt, now: datetime) -> bool:
    delivery = claim.delivery
    values = _proof(receipt, now)
    if delivery.state == State.DELIVERED:
        # The receipt of the call itself is the better proof; looking only adds what it did not say.
        values |= {"remote_id": delivery.remote_id, "delivered_at": delivery.delivered_at}
        values["remote_url"] = delivery.remote_url or values["remote_url"]
    else:
        # The answer was lost, but the channel took the post: it must not count as refusing.
        breaker.succeeded(delivery.channel)
    if receipt.duplicates:
        values |= _duplicates(receipt)
        return _move(claim, State.AWAITING_PERSON, next_attempt_at=None, **values)
    return _move(claim, State.CONFIRMED, confirmed_at=now, next_attempt_at=None, **values)


def _absent(claim: Claim, now: datetime) -> bool:
    delivery = claim.delivery
    looks = delivery.lookups + 1
    if looks < backoff.EMPTY_LOOKS:
        wait = timedelta(seconds=backoff.look_delay(looks, settings.PUBLISH_GRACE))
        return stay(claim, lookups=looks, next_attempt_at=now + wait, updated_at=now)
    if delivery.state == State.DELIVERED:
        return stay(
            claim,
            lookups=looks,
            next_attempt_at=None,
            updated_at=now,
            error_code=NOT_SEEN,
            error_sentence=_(
                "The channel accepted this post but does not show it. Open the channel and look."
            ),
        )
    if not delivery.retried_after_lookup:
        return _move(claim, State.DUE, lookups=0, retried_after_lookup=True, next_attempt_at=now)
    return _move(
        claim,
        State.AWAITING_PERSON,
        lookups=looks,
        next_attempt_at=None,
        error_code="not_found",
        error_sentence=_(
            "Twice the outcome of sending stayed unknown, and the post is not to be seen. "
            "Open the channel and look: if it is there, confirm it; if not, press “Retry”."
        ),
    )


def _look_failed(claim: Claim, error: PublishError, now: datetime) -> bool:
    delivery = claim.delivery
    failures = _failed_looks(claim)
    if failures < backoff.FAILED_LOOKS:
        seconds = backoff.failed_look_delay(failures, settings.PUBLISH_GRACE, retry_after=error.retry_after)
        return stay(claim, next_attempt_at=now + timedelta(seconds=seconds), updated_at=now)
    if delivery.state == State.DELIVERED:
        return stay(claim, next_attempt_at=None, updated_at=now, **_cause(error))
    return _move(claim, State.AWAITING_PERSON, next_attempt_at=None, **_cause(error))


def _failed_looks(claim: Claim) -> int:
    log = Attempt.objects.filter(delivery=claim.delivery)
    calls = log.exclude(action=Attempt.Action.READ_BACK)
    last_send: int | None = calls.aggregate(last=Max("number"))["last"]
    looks = log.filter(action=Attempt.Action.READ_BACK, number__gt=last_send or 0)
    return looks.exclude(outcome__in=_NOT_A_FAILED_LOOK).count()


def _pause(claim: Claim, error: PublishError) -> None:
    channel = claim.delivery.channel
    if isinstance(error, AuthExpired) and channel.credential_id:
        require_reconnect(channel.credential_id, clean(error.sentence))
    if isinstance(error, AuthExpired | ChannelGone):
        Channel.objects.filter(pk=channel.pk).update(
            paused_reason=clean(error.sentence)[:300] or _code(error)
        )


def _proof(receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {
        "remote_id": receipt.remote_id,
        "remote_url": replies.address(receipt.url)[:500],
        "delivered_at": now,
        "error_code": "",
        "error_sentence": "",
    }


def _duplicates(receipt: Receipt) -> dict[str, Any]:
    return {
        "duplicates": [found for found in map(replies.identifier, receipt.duplicates[:50]) if found],
        "error_code": DUPLICATES,
        "error_sentence": _(
            "The channel shows this warning more than once. "
            "Delete the surplus posts there, then confirm here."
        ),
    }


def _cause(error: PublishError) -> dict[str, str]:
    return {"error_code": _code(error), "error_sentence": clean(error.sentence)}
