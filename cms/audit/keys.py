"""The keys of the trail, from the environment: the newest signs, the older ones still verify."""

import hashlib

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def newest() -> tuple[str, str]:
    """Name and value of the key that signs. Raises ImproperlyConfigured without AUDIT_KEYS."""
    if not settings.AUDIT_KEYS:
        raise ImproperlyConfigured("Set AUDIT_KEYS: the keys that seal the audit trail (newest first).")
    value = settings.AUDIT_KEYS[0]
    return name_of(value), value


def known() -> dict[str, str]:
    """Every key by its name."""
    return {name_of(value): value for value in settings.AUDIT_KEYS}


def name_of(value: str) -> str:
    """What stands in the rows for a key; it does not give the key away."""
    return hashlib.sha256(f"keng-audit-key:{value}".encode()).hexdigest()[:16]
