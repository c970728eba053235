"""The bytes that are hashed and sealed. deploy/verify_audit.py knows the same rules without the product."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cms.audit.models import Entry

FORMAT: Final = "keng-audit-1"
SEALED: Final = (
    "uid",
    "at",
    "actor_id",
    "login",
    "actor",
    "unit",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "address",
    "way",
    "place",
    "group",
    "changes",
    "details",
    "folded",
    "key",
)
"""What the seal of an entry covers; its number is given by the database, and covered by the link."""
LINKED: Final = ("sequence", "entry_id", "content", "previous")


def as_json(value: Any) -> str:
    """``value`` as JSON that is the same everywhere: sorted keys, no spaces, no escapes but the needed ones."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def of_entry(entry: Entry) -> dict[str, Any]:
    """Every column of ``entry`` but its number, as plain JSON values."""
    return {name: _plain(getattr(entry, name)) for name in (*SEALED, "seal")}


def seal(values: Mapping[str, Any], key: str) -> str:
    """HMAC-SHA256 hex over the sealed columns of an entry."""
    covered = {name: values[name] for name in SEALED}
    return _mac(key, f"{FORMAT} entry\n{as_json(covered)}")


def content_hash(values: Mapping[str, Any]) -> str:
    """SHA-256 hex of an entry with its seal."""
    return _sha(f"{FORMAT} content\n{as_json({name: values[name] for name in (*SEALED, 'seal')})}")


def link_hash(values: Mapping[str, Any]) -> str:
    """SHA-256 hex of a link's place: its number, its entry's number and content, and the link before."""
    return _sha(f"{FORMAT} link\n{as_json({name: values[name] for name in LINKED})}")


def link_mac(hash_: str, key: str) -> str:
    """HMAC-SHA256 hex over the hash of a link."""
    return _mac(key, f"{FORMAT} chain\n{hash_}")


def same(one: str, other: str) -> bool:
    """Whether two hex texts are equal, in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _mac(key: str, text: str) -> str:
    return hmac.new(key.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest()
