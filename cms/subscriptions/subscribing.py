"""Beginning, confirming, changing and ending a subscription."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from cms.core import sealing
from cms.intake.languages import Language
from cms.subscriptions import addresses, consent
from cms.subscriptions.models import Letter, Subscriber
from cms.users.models import Unit
from scam_warnings.enums import Severity
from scam_warnings.taxonomy import ScamType

APART: Final = timedelta(minutes=10)
MOST_A_DAY: Final = 3
"""Letters about the subscription itself to one address: nobody floods another's mailbox from here."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to get."""

    least: Severity
    unit: Unit | None
    types: tuple[ScamType, ...]
    """Empty: every type."""
    language: Language = Language.VIETNAMESE
    """Of the letters."""


def ask(address: str, wish: Wish, now: datetime) -> None:
    """Somebody asks for warnings to ``address``. Whoever owns it gets a letter; nothing else tells what was known."""
    try:
        with transaction.atomic():
            _ask(address, wish, now)
    except IntegrityError:
        # The same address twice in one moment: the other one writes the letter.
        return


def _ask(address: str, wish: Wish, now: datetime) -> None:
    subscriber = addresses.find(address)
    if subscriber is None:
        subscriber = Subscriber(
            key=secrets.token_hex(16),
            address_digest=addresses.digest(address),
            sealed_address=sealing.seal(address),
            asked_at=now,
        )
    if subscriber.confirmed_at is not None:
        # A stranger may have typed it: what its owner chose stays.
        _write(subscriber, Letter.Kind.ALREADY, now)
        return
    subscriber.asked_at = now
    subscriber.consent_version, subscriber.consent_at = consent.VERSION, now
    # Nobody has chosen another one before: the form they ask with is in the language of their letters.
    subscriber.consent_language = wish.language
    _fulfil(subscriber, wish)
    _write(subscriber, Letter.Kind.CONFIRM, now)


def confirm(subscriber: Subscriber, now: datetime) -> bool:
    """The owner of the address pressed the button; False when they had before."""
    rows = Subscriber.objects.filter(pk=subscriber.pk, confirmed_at__isnull=True)
    return rows.update(confirmed_at=now) == 1


def change(subscriber: Subscriber, wish: Wish) -> None:
    """Their owner wants other warnings from now on."""
    with transaction.atomic():
        _fulfil(subscriber, wish)


def leave(key: str) -> bool:
    """End the subscription with this key and forget the address; letters that wait go with it."""
    return Subscriber.objects.filter(key=key).delete()[0] > 0


def wish_of(subscriber: Subscriber) -> Wish:
    """What somebody gets now."""
    types: Iterable[ScamType] = () if subscriber.all_types else subscriber.types.all()
    return Wish(Severity(subscriber.least), subscriber.unit, tuple(types), Language(subscriber.language))


def _fulfil(subscriber: Subscriber, wish: Wish) -> None:
    subscriber.least, subscriber.unit, subscriber.all_types = wish.least, wish.unit, not wish.types
    subscriber.language = wish.language
    subscriber.save()
    subscriber.types.set(wish.types)


def _write(subscriber: Subscriber, kind: str, now: datetime) -> None:
    earlier = Letter.objects.filter(subscriber=subscriber, notice__isnull=True)
    if earlier.filter(at__gt=now - APART).exists():
        return
    if earlier.filter(at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        return
    Letter.objects.create(subscriber=subscriber, kind=kind, at=now, due_at=now, urgent=True)
