"""What a detector reports."""

from dataclasses import dataclass
from enum import StrEnum


class Private(StrEnum):
    """What kind of thing was found."""

    LINK = "link"
    PHONE = "phone"
    BANK_ACCOUNT = "bank_account"
    IDENTITY = "identity"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in a text: what it is, and its characters as they stand there after undisguising."""

    kind: Private
    text: str
    start: int
    end: int
