"""The receipt code: all a citizen needs to ask how a tip stands, or to have it erased.

60 bits, made from the stamp of the form, so that a form that arrives twice gets one code. Only its digest is kept.
"""

import hashlib
from typing import Final

from django.utils.crypto import salted_hmac

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS: Final = 12
# What is easily taken for another in handwriting.
_READ_AS: Final = str.maketrans("OIL", "011")


def code_for(nonce: str) -> str:
    """The code of the form with this stamp, as it is shown: PA-XXXX-XXXX-XXXX."""
    number = int.from_bytes(salted_hmac("cms.tips.receipt", nonce, algorithm="sha256").digest()[:8], "big")
    letters = ""
    for _place in range(_CHARACTERS):
        letters += _ALPHABET[number & 31]
        number >>= 5
    return f"PA-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def digest_of(typed: str) -> str:
    """The digest of a code as somebody typed it; empty when it cannot be one."""
    letters = "".join(char for char in typed[:60].upper() if char.isascii() and char.isalnum())
    letters = (
        letters.removeprefix("PA").translate(_READ_AS)
        if len(letters) > _CHARACTERS
        else letters.translate(_READ_AS)
    )
    if len(letters) != _CHARACTERS or any(char not in _ALPHABET for char in letters):
        return ""
    return hashlib.sha256(f"cms.tips:{letters}".encode("ascii")).hexdigest()
