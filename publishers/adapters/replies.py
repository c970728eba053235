"""Reading single values out of a platform's reply, where every value may be hostile."""

import re
from datetime import UTC, datetime
from typing import Any

_IDENTIFIER = re.compile(r"[\w.:-]{1,200}", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\\x00-\x1f\x7f]{1,1000}", re.IGNORECASE)
_LATEST_MS = 253_402_300_799_000
MAX_NAME = 200


def identifier(value: Any) -> str:
    """A remote id as text (numbers too), or "" if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value) if isinstance(value, str) or value.bit_length() < 256 else ""
    return text if _IDENTIFIER.fullmatch(text) else ""


def address(value: Any) -> str:
    """A web address that is safe in an href, or ""."""
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else ""


def name(value: Any) -> str:
    """One printable line of at most MAX_NAME characters, or ""."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in value[: 4 * MAX_NAME]).split())[
        :MAX_NAME
    ]


def mapping(value: Any) -> dict[str, Any]:
    """``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def moment_from_ms(value: Any) -> datetime | None:
    """A time given in milliseconds since 1970, as number or digits; None if it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LATEST_MS:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)
