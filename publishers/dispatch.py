"""Claim, call, record. The call is made outside any transaction; everything that decides is a row."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from publishers.claims import Claim, claim_next, holds_lease
from publishers.connect import intact, message_for, publisher_for
from publishers.contracts import (
    LookupFailed,
    Message,
    OutcomeUnknown,
    Publisher,
    PublishError,
    Receipt,
    Temporary,
)
from publishers.models import Attempt
from publishers.outcomes import Answer, CannotLook, NotCalled, SealBroken, clean, record

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LOOK_BACK = timedelta(minutes=2)
"""Reading back begins this long before the first attempt: the platform's clock is not ours."""
RECORD_TRIES = 3


@dataclass(frozen=True, slots=True)
class Drained:
    """How many claims a drain ran, and whether it stopped at its bound with work left."""

    count: int
    more: bool


def drain(
    worker: str,
    *,
    limit: int = 50,
    seconds: float = 30.0,
    stopping: Callable[[], bool] = lambda: False,
    clock: Clock = timezone.now,
) -> Drained:
    """Claim and run until nothing is ready, ``limit`` claims or ``seconds`` are spent, or ``stopping()``."""
    end = time.monotonic() + seconds
    count = 0
    while not stopping():
        if count >= limit or time.monotonic() >= end:
            return Drained(count, more=True)
        claim = claim_next(worker, clock())
        if claim is None:
            break
        run_claim(claim, clock)
        count += 1
    return Drained(count, more=False)


def run_claim(claim: Claim, clock: Clock = timezone.now) -> str:
    """Make the call of ``claim`` and store what came of it. Returns the outcome of the attempt.

    If the result cannot be stored, the lease runs out and the delivery is reconciled like after a crash.
    """
    answer = _send(claim, clock) if claim.action == Attempt.Action.SEND else _look(claim)
    outcome = _recorded(claim, answer, clock)
    code = clean(answer.code)[:60] if isinstance(answer, PublishError) else ""
    delivery = claim.delivery
    logger.info("Delivery %s (%s) %s: %s %s", delivery.pk, delivery.channel.kind, claim.action, outcome, code)
    return outcome


def _send(claim: Claim, clock: Clock) -> Receipt | PublishError:
    try:
        publisher, message = _prepared(claim)
    except PublishError as error:
        return error
    except Exception as error:
        # Nothing was called yet.
        logger.exception("Delivery %s could not be prepared", claim.delivery.pk)
        return Temporary(
            _(
                "This could not be prepared for sending, so nothing was sent. "
                "The system will try again by itself."
            ),
            code=type(error).__name__,
        )
    if not holds_lease(claim, clock(), settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT):
        return NotCalled(_("The worker was held up, so nothing was sent."))
    return _called(claim, publisher, message)


def _prepared(claim: Claim) -> tuple[Publisher, Message]:
    delivery = claim.delivery
    if not intact(delivery.payload):
        logger.error("Delivery %s: what would be sent is not what was signed; nothing was sent", delivery.pk)
        raise SealBroken(
            _("What would be sent is not what was approved, so nothing was sent. Tell the administrator.")
        )
    return publisher_for(delivery.channel), message_for(delivery.payload)


def _called(claim: Claim, publisher: Publisher, message: Message) -> Receipt | PublishError:
    try:
        return publisher.send(message)
    except PublishError as error:
        return error
    except Exception as error:
        # Whatever it was, the post may be out.
        _log_surprise(claim, error)
        return OutcomeUnknown(
            _("Sending was interrupted. The system reads the channel to see whether the post is out."),
            code=type(error).__name__,
        )


def _look(claim: Claim) -> Answer:
    delivery = claim.delivery
    try:
        publisher = publisher_for(delivery.channel)
        if not publisher.capabilities.read_back:
            return CannotLook(
                _(
                    "Whether this was sent is unknown, and this channel cannot be read by the system. "
                    "Open the channel and look: if it is there, confirm it; if not, press “Retry”."
                )
            )
        since = (delivery.first_sent_at or delivery.created_at) - LOOK_BACK
        return publisher.find(message_for(delivery.payload), since)
    except PublishError as error:
        return error
    except Exception as error:
        # Not having looked proves nothing.
        _log_surprise(claim, error)
        return LookupFailed(
            _("The channel could not be read. Look there yourself whether the post is out."),
            code=type(error).__name__,
        )


def _recorded(claim: Claim, answer: Answer, clock: Clock) -> str:
    for tries in range(RECORD_TRIES):
        try:
            if tries:
                time.sleep(tries)
                claim.delivery.refresh_from_db()
            return record(claim, answer, clock())
        except (OperationalError, InterfaceError) as error:
            logger.warning("Delivery %s: result not stored yet: %s", claim.delivery.pk, type(error).__name__)
            connection.close()
    logger.error(
        "Delivery %s: the database did not take the result; it will be reconciled", claim.delivery.pk
    )
    return "not_recorded"


def _log_surprise(claim: Claim, error: Exception) -> None:
    # No traceback: the text of a foreign exception, and its frames, may quote secrets.
    logger.error("Delivery %s (%s): unexpected %s", claim.delivery.pk, claim.action, type(error).__name__)
