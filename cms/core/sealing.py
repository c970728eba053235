"""Text that only this installation can read: encrypted with CREDENTIAL_KEYS, the newest key first."""

import base64
import hashlib
from functools import cache

from django.conf import settings

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(ValueError):
    """No key of this installation opens the text."""


def fernet() -> MultiFernet:
    """The cipher of this installation: encrypts with the newest key, reads with all of them."""
    return _fernet(tuple(settings.CREDENTIAL_KEYS))


def seal(text: str) -> str:
    """``text``, encrypted with the newest key, as ASCII."""
    return fernet().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What ``seal`` sealed. Raises Unreadable."""
    try:
        return fernet().decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        # Raised anew: the original must not hang on to what it failed to read.
        pass
    raise Unreadable


def reseal(sealed: str) -> str:
    """``sealed``, encrypted anew with the newest key. Raises Unreadable."""
    try:
        return fernet().rotate(sealed.encode()).decode("ascii")
    except (InvalidToken, UnicodeError):
        pass
    raise Unreadable


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    derived = [base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()) for key in keys]
    return MultiFernet([Fernet(key) for key in derived])
