"""Editions, trusted only as they were signed."""

import hashlib
import hmac
import logging
from typing import Any

from cms.audit import canonical, keys
from cms.information.models import Edition
from scam_warnings.snapshot import canonical_hash

logger = logging.getLogger(__name__)
_FORMAT = "keng-information-1"


def seal_of(content: dict[str, Any]) -> str:
    """SHA-256 hex over ``content``: what an approver's page shows and an edition keeps."""
    return canonical_hash(content)


def sign(edition: Edition) -> None:
    """Fill in the MAC over what the public reads. Raises ImproperlyConfigured without AUDIT_KEYS."""
    edition.mac_key, key = keys.newest()
    edition.mac = _mac(edition, key)


def is_trusted(edition: Edition) -> bool:
    """Whether ``edition`` still is what was approved; what is not stays off the portal."""
    key = keys.known().get(edition.mac_key)
    good = (
        key is not None
        and edition.seal == seal_of(edition.content)
        and hmac.compare_digest(edition.mac, _mac(edition, key))
        and edition.content.get("kind") == edition.kind
        and edition.content.get("slug") == edition.slug
    )
    if not good:
        logger.error("Edition %s of portal content is not what was approved; it is not shown", edition.pk)
    return good


def _mac(edition: Edition, key: str) -> str:
    covered = canonical.as_json(
        {
            "item": edition.item_id,
            "number": edition.number,
            "seal": edition.seal,
            "withdrawn": edition.withdrawn,
            "note": edition.note,
            "approved_by": edition.approved_by_id,
            "approved_at": edition.approved_at.timestamp(),
        }
    )
    return hmac.new(key.encode(), f"{_FORMAT}\n{covered}".encode(), hashlib.sha256).hexdigest()
