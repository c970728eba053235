"""Claim, call, record. The call is made outside any transaction; everything that decides is a row."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from cms.core import logs
from media import sealed
from publishers import clock as engine_clock
from publishers import halt, seals, tampering
from publishers.claims import Claim, claim_many
from publishers.connect import intact, message_for, publisher_for
from publishers.contracts import (
    LookupFailed,
    Message,
    Operation,
    OutcomeUnknown,
    Publisher,
    PublishError,
    Receipt,
    Temporary,
)
from publishers.models import Attempt, Delivery, Halt
from publishers.outcomes import Answer, CannotLook, NotCalled, SealBroken, clean, record
from publishers.recipients import DeliveryRecipients
from publishers.writing import writing

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


def _claim_one(worker: str, now: datetime) -> Sequence[Claim]:
    return claim_many(worker, now, 1)


def drain(
    worker: str,
    *,
    limit: int = 50,
    seconds: float = 30.0,
    stopping: Callable[[], bool] = lambda: False,
    clock: Clock = engine_clock.now,
    claim: Callable[[str, datetime], Sequence[Claim]] = _claim_one,
) -> Drained:
    """Claim and run until nothing is ready, ``limit`` claims or ``seconds`` are spent, or ``stopping()``.

    ``claim`` takes what this thread runs next.
    """
    end = time.monotonic() + seconds
    count = 0
    while not stopping():
        if count >= limit or time.monotonic() >= end:
            return Drained(count, more=True)
        claims = claim(worker, clock())
        if not claims:
            break
        for taken in claims:
            run_claim(taken, clock)
            count += 1
    return Drained(count, more=False)


def run_claim(claim: Claim, clock: Clock = engine_clock.now) -> str:
    """Make the call of ``claim`` and store what came of it. Returns the outcome of the attempt.

    If the result cannot be stored, the lease runs out and the delivery is reconciled like after a crash.
    """
    delivery = claim.delivery
    with logs.about(delivery=delivery.pk, channel=delivery.channel.kind):
        answer = _look(claim) if claim.action == Attempt.Action.READ_BACK else _send(claim, clock)
        outcome = _recorded(claim, answer, clock)
        if isinstance(answer, SealBroken):
            _tell_of_tampering(delivery, clock())
        code = clean(answer.code)[:60] if isinstance(answer, PublishError) else ""
        logger.info(
            "Delivery %s (%s) %s: %s %s", delivery.pk, delivery.channel.kind, claim.action, outcome, code
        )
    return outcome


def _send(claim: Claim, clock: Clock) -> Receipt | PublishError:
    try:
        publisher, message = _prepared(claim, clock)
    except PublishError as error:
        return error
    except Exception as error:
        # Nothing was called yet. No traceback: its frames may quote secrets.
        _log_surprise(claim, error)
        return Temporary(
            _(
                "This could not be prepared for sending, so nothing was sent. "
                "The system will try again by itself."
            ),
            code=type(error).__name__,
        )
    return _called(claim, publisher, message)


def _prepared(claim: Claim, clock: Clock) -> tuple[Publisher, Message]:
    delivery = claim.delivery
    if not (intact(delivery) and seals.is_sealed(delivery)):
        logger.error("Delivery %s: what would be sent is not what was signed; nothing was sent", delivery.pk)
        raise SealBroken(
            _("What would be sent is not what was approved, so nothing was sent. Tell the administrator.")
        )
    _show_pictures(delivery)
    guard = partial(_guard, claim, clock)
    publisher = publisher_for(
        delivery.channel, guard=guard, recipients=DeliveryRecipients(delivery, claim.token)
    )
    if not publisher.capabilities.guarded:
        # No guard asks later, and it must not begin late either.
        _require_lease(claim, clock())
    return publisher, message_for(delivery, claim.operation)


def _show_pictures(delivery: Delivery) -> None:
    """Whoever follows the post or the page finds its pictures: after a crash they may still be hidden."""
    try:
        for image in delivery.payload.images:
            sealed.release(image["sha256"])
    except OSError as error:
        raise Temporary(
            _("The pictures could not be made public, so nothing was sent. Check the free disk space."),
            code="pictures_disk",
        ) from error


def _require_lease(claim: Claim, now: datetime) -> None:
    call = timedelta(seconds=settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT)
    held = Delivery.objects.filter(pk=claim.delivery.pk, lease_token=claim.token)
    if claim.until < now + call or not held.exists():
        raise NotCalled(_("The worker was held up, so nothing was sent."))


def _guard(claim: Claim, clock: Clock) -> None:
    """Commit that the one visible call begins now; raise NotCalled when it must not."""
    now = clock()
    call = timedelta(seconds=settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT)
    begun = False
    if not settings.PUBLISH_HALTED and claim.until >= now + call:
        with writing():
            begun = _begin_call(claim, now)
    if not begun:
        stopped = halt.standing() is not None
        raise NotCalled(
            _("Everything is stopped, so nothing was sent.")
            if stopped
            else _("The worker was held up, so nothing was sent.")
        )


def _begin_call(claim: Claim, now: datetime) -> bool:
    """One conditional statement, in words of our own: Django takes three milliseconds to find the same ones."""
    tables = (model._meta.db_table for model in (Attempt, Delivery, Halt))
    attempts, deliveries, halts = map(connection.ops.quote_name, tables)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {attempts} SET guarded_at = %s WHERE id = %s AND outcome = ''"  # noqa: S608 - names of ours
            f" AND EXISTS (SELECT 1 FROM {deliveries} WHERE id = %s AND lease_token = %s)"
            f" AND NOT EXISTS (SELECT 1 FROM {halts} WHERE is_standing)",
            [
                connection.ops.adapt_datetimefield_value(now),
                claim.attempt.pk,
                claim.delivery.pk,
                claim.token,
            ],
        )
        return bool(cursor.rowcount == 1)


def _called(claim: Claim, publisher: Publisher, message: Message) -> Receipt | PublishError:
    try:
        if message.operation is Operation.EDIT:
            return publisher.edit(message)
        if message.operation is Operation.DELETE:
            return publisher.delete(message)
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
        return publisher.find(message_for(delivery, claim.operation), since)
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
            with writing():
                return record(claim, answer, clock())
        except (OperationalError, InterfaceError) as error:
            logger.warning("Delivery %s: result not stored yet: %s", claim.delivery.pk, type(error).__name__)
            connection.close()
    logger.error(
        "Delivery %s: the database did not take the result; it will be reconciled", claim.delivery.pk
    )
    return "not_recorded"


def _tell_of_tampering(delivery: Delivery, now: datetime) -> None:
    try:
        tampering.refused(delivery, now)
    except Exception as error:
        # Nothing was sent, and the watch finds it by itself within minutes.
        logger.error("Delivery %s: the alarm was not stored: %s", delivery.pk, type(error).__name__)  # noqa: TRY400


def _log_surprise(claim: Claim, error: Exception) -> None:
    # No traceback: the text of a foreign exception, and its frames, may quote secrets.
    logger.error("Delivery %s (%s): unexpected %s", claim.delivery.pk, claim.action, type(error).__name__)
