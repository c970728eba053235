"""Whose event is it: Zalo's signature over the raw body.

``mac = sha256(first + body + timestamp + OA secret key)``, in hex. The documentation has the application's
id first, some code in use the Official Account's; the timestamp is the body's, or that of a header. Which
one fits is logged, so that an installation can tell (docs.zaloplatforms.com, webhook).
"""

import hashlib
import hmac
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from publishers.adapters import replies
from publishers.credentials import unseal
from publishers.models import Credential

logger = logging.getLogger(__name__)

MOST_ACCOUNTS: Final = 500
_MAC: Final = re.compile(r"(?:mac\s*=\s*)?([0-9a-f]{64})", re.IGNORECASE)


def signers(raw: bytes, body: Mapping[str, Any], given: str, header_timestamp: str) -> list[int]:
    """Ids of the accounts whose webhook key signed ``raw``; empty: none did.

    ``given`` is the header X-ZEvent-Signature, ``mac=<hex>`` or bare.
    """
    mac = _MAC.fullmatch(given.strip())
    if mac is None:
        return []
    wanted = mac[1].lower()
    stamps = {
        "body": replies.identifier(body.get("timestamp")),
        "header": replies.identifier(header_timestamp),
    }
    begun: dict[str, Any] = {}
    found = []
    rows = Credential.objects.filter(kind="zalo_oa").order_by("pk")
    for account in rows.values_list("pk", "sealed_secrets")[:MOST_ACCOUNTS]:
        secrets = unseal(account[1])
        key = secrets.get("webhook_key", "")
        if not key:
            continue
        fits = ""
        for name, first in _first_terms(body, secrets):
            if first not in begun:
                begun[first] = hashlib.sha256(first.encode() + raw)
            for source, stamp in stamps.items():
                tried = begun[first].copy()
                tried.update((stamp + key).encode())
                # No way out of the loop: how long it takes must not tell what fits.
                if hmac.compare_digest(tried.hexdigest(), wanted) and stamp:
                    fits = f"{name} first, timestamp of the {source}"
        if fits:
            logger.debug("The event's signature fits account %s: %s", account[0], fits)
            found.append(account[0])
    return found


def account_ids(body: Mapping[str, Any]) -> Iterator[str]:
    """Ids of the Official Account that an event may be about."""
    yield replies.identifier(body.get("oa_id"))
    sender = "sender" if str(body.get("event_name", "")).startswith("oa_") else "recipient"
    yield replies.identifier(replies.mapping(body.get(sender)).get("id"))


def _first_terms(body: Mapping[str, Any], secrets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    terms = {
        "app_id": {secrets.get("app_id", ""), replies.identifier(body.get("app_id"))},
        "oa_id": {secrets.get("oa_id", ""), *account_ids(body)},
    }
    for name, values in terms.items():
        for value in sorted(values - {""}):
            yield name, value
