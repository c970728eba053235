"""The links in letters. Each is signed for one thing, names no address, and needs no sign-in."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cms.subscriptions.models import Subscriber

_CONFIRM: Final = "cms.subscriptions.confirm"
_OWN: Final = "cms.subscriptions.own"
_LONGEST: Final = 200


def confirming(subscriber: Subscriber) -> str:
    """Where a subscription is confirmed; good for SUBSCRIPTION_HOURS."""
    token = signing.TimestampSigner(salt=_CONFIRM).sign(subscriber.key)
    return _absolute("confirm", token)


def options(subscriber: Subscriber) -> str:
    """Where its owner changes what they get."""
    return _absolute("options", signing.Signer(salt=_OWN).sign(subscriber.key))


def leaving(subscriber: Subscriber) -> str:
    """Where one POST ends it (RFC 8058). Never expires, because old letters are kept."""
    return _absolute("leave", signing.Signer(salt=_OWN).sign(subscriber.key))


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


def _absolute(name: str, token: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(f'subscriptions_public:{name}', args=[token])}"
