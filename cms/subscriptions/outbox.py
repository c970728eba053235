"""Letters leave here: claimed before the call, settled after it, in bounded rounds.

What surely was not taken is tried again. What may have been taken (a connection that broke, a process that died
while it sent) is unknown and is never sent again by itself: a person may decide it (manage.py subscriptions).
"""

import logging
import secrets
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone

from cms.core import practice
from cms.subscriptions import addresses, letters
from cms.subscriptions.models import Letter
from publishers import seals
from publishers.models import Release

logger = logging.getLogger(__name__)

MAIL_SECONDS: Final = 20
SILENT: Final = timedelta(minutes=10)
"""A letter that was claimed longer ago and never settled: its process died."""
MOST_ATTEMPTS: Final = 8
ROUND_SECONDS: Final = 45.0
_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)
_IN_PRACTICE: Final = "django.core.mail.backends.filebased.EmailBackend"
"""Practice writes to no citizen: its letters become files (EMAIL_FILE_PATH)."""

State = Letter.State


def send(now: datetime) -> int:
    """Send what waits, urgent ones first, for some seconds. Returns how many left. Named by WATCH_JOBS."""
    Letter.objects.filter(state=State.SENDING, claimed_at__lt=now - SILENT).update(state=State.UNKNOWN)
    end, sent = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < end:
        batch = _waiting(timezone.now() if sent else now)
        if not batch:
            break
        done = _conversation(batch, end)
        if done is None:
            break
        sent += done
    return sent


def _waiting(now: datetime) -> list[Letter]:
    rows = Letter.objects.filter(state=State.PENDING, due_at__lte=now)
    rows = rows.select_related("subscriber", "notice__release__page__unit", "notice__release__revision")
    found = list(rows.order_by("-urgent", "due_at", "pk")[: settings.SUBSCRIPTION_BATCH])
    held = _held({letter.notice.release for letter in found if letter.notice is not None})
    if held:
        _later(
            [letter.pk for letter in found if letter.notice and letter.notice.release_id in held], now, _PAUSE
        )
    return [letter for letter in found if letter.notice is None or letter.notice.release_id not in held]


def _held(releases: set[Release]) -> set[int]:
    """Releases that no longer are what was signed: nothing of them is told to anybody."""
    held = {release.pk for release in releases if seals.problems(release)}
    for pk in held:
        logger.warning("Release %s is not as it was signed; its letters to subscribers wait", pk)
    return held


def _conversation(batch: list[Letter], end: float) -> int | None:
    """Send ``batch`` over one connection; how many left, None when the mail server cannot be reached."""
    connection = _connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server could not be reached (%s); letters wait", type(error).__name__)
        _later([letter.pk for letter in batch], timezone.now(), _PAUSE)
        return None
    sent = 0
    try:
        for letter in batch:
            if time.monotonic() >= end:
                break
            if not claim(letter, timezone.now()):
                continue
            ending = _one(letter, connection)
            sent += ending is State.SENT
            if ending in (State.PENDING, State.UNKNOWN):
                # The connection may be dead: what is handed to it would look unknown too.
                break
    finally:
        _close(connection)
    return sent


def claim(letter: Letter, now: datetime) -> bool:
    """Commit that ``letter`` is being sent; False when another has it, or its owner has left."""
    letter.claim, letter.claimed_at = secrets.token_hex(8), now
    waiting = Letter.objects.filter(pk=letter.pk, state=State.PENDING)
    taken = waiting.update(
        state=State.SENDING, claim=letter.claim, claimed_at=now, attempts=letter.attempts + 1
    )
    letter.attempts += 1
    return taken == 1


def _one(letter: Letter, connection: Any) -> State:
    address = addresses.of(letter.subscriber)
    if not address:
        _end(letter, State.REFUSED)
        return State.REFUSED
    try:
        mail = letters.message(letter, address)
        mail.message()
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("Letter %s cannot be written (%s)", letter.pk, type(error).__name__)
        _end(letter, State.REFUSED)
        return State.REFUSED
    ending = _handed_over(lambda: connection.send_messages([mail]))
    if ending is State.PENDING:
        _again(letter)
    else:
        _end(letter, ending)
    return ending


def _handed_over(call: Callable[[], Any]) -> State:
    """How one call ended. Never raises, and says nothing of the address to any log."""
    try:
        return State.SENT if call() else State.PENDING
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        return State.REFUSED if codes and all(500 <= code < 600 for code in codes) else State.PENDING
    except smtplib.SMTPServerDisconnected:
        return State.UNKNOWN
    except smtplib.SMTPException:
        # The server answered, and did not take it.
        return State.PENDING
    except OSError:
        return State.UNKNOWN


def _again(letter: Letter) -> None:
    if letter.attempts >= MOST_ATTEMPTS:
        _end(letter, State.REFUSED)
        return
    pause = min(_PAUSE * 2**letter.attempts, _LONGEST_PAUSE)
    _mine(letter).update(state=State.PENDING, claim="", claimed_at=None, due_at=timezone.now() + pause)


def _end(letter: Letter, state: State) -> None:
    _mine(letter).update(state=state)


def _mine(letter: Letter) -> Any:
    # One that was declared unknown meanwhile is settled by whoever made the call.
    return Letter.objects.filter(pk=letter.pk, claim=letter.claim)


def _later(letters_: list[int], now: datetime, pause: timedelta) -> None:
    Letter.objects.filter(pk__in=letters_, state=State.PENDING).update(due_at=now + pause)


def retry_unknown() -> int:
    """A person decided: what is unknown is sent again. Returns how many."""
    unknown = Letter.objects.filter(state=State.UNKNOWN)
    return unknown.update(state=State.PENDING, claim="", claimed_at=None, due_at=timezone.now())


def _connection() -> Any:
    if practice.is_on():
        return get_connection(_IN_PRACTICE)
    return get_connection(timeout=settings.EMAIL_TIMEOUT or MAIL_SECONDS)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return
