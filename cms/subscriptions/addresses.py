"""E-mail addresses: encrypted at rest, found again by a keyed digest."""

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from cms.core import sealing
from cms.subscriptions.models import Subscriber

LONGEST = 254


def normal(typed: str) -> str:
    """The address as it is kept, or an empty text when it is none."""
    text = typed.strip()
    if len(text) > LONGEST or not text.isascii():
        return ""
    try:
        EmailValidator()(text)
    except ValidationError:
        return ""
    # Mail boxes that tell Anna from anna do not exist in practice, and nobody wants two of each letter.
    return text.lower()


def digest(address: str) -> str:
    """The digest under the newest key."""
    return _digest(address, settings.CREDENTIAL_KEYS[0])


def find(address: str) -> Subscriber | None:
    """Who has this address, whichever key was the newest then."""
    digests = [_digest(address, key) for key in settings.CREDENTIAL_KEYS]
    return Subscriber.objects.filter(address_digest__in=digests).first()


def of(subscriber: Subscriber) -> str:
    """The address; empty where no key of this installation opens it."""
    try:
        return sealing.unseal(subscriber.sealed_address)
    except sealing.Unreadable:
        return ""


def reseal_all() -> tuple[int, int]:
    """Encrypt every address with the newest key, after it was put first in CREDENTIAL_KEYS.

    Returns how many were, and how many no key opens.
    """
    done = lost = 0
    for subscriber in Subscriber.objects.order_by("pk").iterator():
        address = of(subscriber)
        if not address:
            lost += 1
            continue
        rows = Subscriber.objects.filter(pk=subscriber.pk)
        rows.update(sealed_address=sealing.seal(address), address_digest=digest(address))
        done += 1
    return done, lost


def _digest(address: str, key: str) -> str:
    derived = hashlib.sha256(f"cms.subscriptions:{key}".encode()).digest()
    return hmac.new(derived, address.encode(), hashlib.sha256).hexdigest()
