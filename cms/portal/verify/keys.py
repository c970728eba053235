"""The keys that sign public statements: the newest signs, the public halves of all are published."""

import base64
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class Key:
    """One signing key; ``id`` and ``public`` may be shown to everybody."""

    id: str
    public: str
    """The 32 bytes of the public half in Base64."""
    private: Ed25519PrivateKey


def newest() -> Key:
    """The key that signs. Raises ImproperlyConfigured without PUBLIC_SIGNING_KEYS."""
    if not settings.PUBLIC_SIGNING_KEYS:
        raise ImproperlyConfigured("Set PUBLIC_SIGNING_KEYS: the keys that sign public statements.")
    return _key(settings.PUBLIC_SIGNING_KEYS[0])


def known() -> list[Key]:
    """Every key, the newest first."""
    return [_key(secret) for secret in settings.PUBLIC_SIGNING_KEYS]


def _key(secret: str) -> Key:
    # Any text may be the secret; what makes the key is its digest.
    private = Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(f"keng-public-key:{secret}".encode()).digest()
    )
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Key(hashlib.sha256(public).hexdigest()[:16], base64.b64encode(public).decode(), private)
