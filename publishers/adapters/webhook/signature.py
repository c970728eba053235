"""How a request to a partner is signed (docs/webhook.md)."""

import hashlib
import hmac
from collections.abc import Mapping


def signed(body: bytes, timestamp: str, secrets: Mapping[str, str]) -> str:
    """``v1=<hex>`` for the current key and, while the partner changes keys, for the one before it."""
    keys = [secrets[name] for name in ("signing_key", "previous_key") if secrets.get(name)]
    return ",".join(f"v1={mac(body, timestamp, key)}" for key in keys)


def mac(body: bytes, timestamp: str, key: str) -> str:
    """HMAC-SHA256 hex over the timestamp (unix seconds), a full stop and the raw body."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
