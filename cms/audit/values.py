"""What of a value is written down: plain, short, and never a secret."""

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from cms.core.http import scrub

LONGEST: Final = 2000
"""Characters of one text; of a longer one its beginning, its length and its SHA-256 are kept."""
DEEPEST: Final = 6
SECRET: Final[dict[str, Any]] = {"secret": True}
"""Stands for a value that is never written down."""
_SECRET_NAME: Final = re.compile(
    r"passw|secret|token|(^|_)otp($|_)|totp|recovery|(api|private|signing|encryption)_?key|cookie"
    r"|session_?key|verifier|(^|_)pin($|_)|authorization",
    re.IGNORECASE,
)
# Fernet, JSON web tokens, and what Django signs.
_SECRET_VALUE: Final = re.compile(
    r"gAAAAA[\w=-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+|EAA[A-Za-z0-9]{30,}|[\w-]{20,}:[\w-]{6}:[\w-]{27,}"
)
_EMPTY: Final = re.compile(r"(<p[^>]*>\s*(<br ?/?>)?\s*</p>\s*)+")
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")


def is_secret(name: str) -> bool:
    """Whether a field of this name is never written down."""
    return _SECRET_NAME.search(name) is not None


def storable(text: str) -> str:
    """``text`` without what a database cannot hold."""
    return _UNSTORABLE.sub("\ufffd", text)


def plain(value: Any, *, depth: int = 0) -> Any:
    """``value`` as it is written down: JSON without floating point, long texts clipped, secrets hidden."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if depth >= DEEPEST:
        return clipped(str(value))
    if isinstance(value, Mapping):
        return {
            storable(str(key))[:100]: SECRET if is_secret(str(key)) else plain(inner, depth=depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner, depth=depth + 1) for inner in value]
    return clipped(str(value))


def clipped(text: str) -> Any:
    """``text``, or of a long one its beginning with length and SHA-256 of the whole."""
    text = storable(text)
    kept = _SECRET_VALUE.sub("***", text)
    if len(kept) <= LONGEST:
        return kept
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return {"text": kept[:LONGEST], "length": len(text), "sha256": digest}


def detail(value: Any) -> Any:
    """A detail of an act: what people typed may quote an address with a token in it."""
    if isinstance(value, str):
        return clipped(scrub(value))
    if isinstance(value, Mapping):
        return {
            storable(str(key))[:100]: SECRET if is_secret(str(key)) else detail(inner)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [detail(inner) for inner in value]
    return plain(value)


def blocks(value: Any) -> Any:
    """The text of a StreamField's stored JSON, one block a line, without its technical ids; else ``value``.

    Rich text that holds nothing is nothing.
    """
    if not isinstance(value, str) or not value.startswith("["):
        return "" if isinstance(value, str) and _EMPTY.fullmatch(value) else value
    try:
        rows = json.loads(value)
    except ValueError:
        return value
    if not all(isinstance(row, dict) and "value" in row for row in rows):
        return value
    return "\n".join(_block(row["value"]) for row in rows)


def _block(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{key}: {inner}" for key, inner in value.items() if inner not in ("", None))
    return str(value)
