"""The links in letters. Each is signed for one thing, names no address, and needs no sign-in."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing

from cms.subscriptions.models import Subscriber
from cms.subscriptions.section import PAGES

_CONFIRM: Final = "cms.subscriptions.confirm"
_OWN: Final = "cms.subscriptions.own"
_LONGEST: Final = 200


def confirming(subscriber: Subscriber) -> str:
    """Where a subscription is confirmed, in its language; good for SUBSCRIPTION_HOURS."""
    token = signing.TimestampSigner(salt=_CONFIRM).sign(subscriber.key)
    return _absolute("confirm", token, subscriber.language)


def options(subscriber: Subscriber, language: str = "") -> str:
    """Where its owner changes what they get: in ``language``, else in that of the letters."""
    return _absolute("options", _own(subscriber), language or subscriber.language)


def leaving(subscriber: Subscriber, language: str = "") -> str:
    """Where one POST ends it (RFC 8058), in ``language``, else in that of the letters.

    Never expires, because old letters are kept.
    """
    return _absolute("leave", _own(subscriber), language or subscriber.language)


def to_confirm(token: str) -> Subscriber | None:
    """Whose confirmation this is; None when it is not ours, or too old."""
    try:
        key = signing.TimestampSigner(salt=_CONFIRM).unsign(
            token[:_LONGEST], max_age=timedelta(hours=settings.SUBSCRIPTION_HOURS)
        )
    except signing.BadSignature:
        return None
    return Subscriber.objects.filter(key=key).first()


def own_key(token: str) -> str:
    """The key in a link to leave or to change; empty when it is not ours."""
    try:
        return signing.Signer(salt=_OWN).unsign(token[:_LONGEST])
    except signing.BadSignature:
        return ""


def _own(subscriber: Subscriber) -> str:
    return signing.Signer(salt=_OWN).sign(subscriber.key)


def _absolute(name: str, token: str, language: str) -> str:
    return f"{settings.PUBLIC_URL}{PAGES.written_in(language).behind(name, token)}"
