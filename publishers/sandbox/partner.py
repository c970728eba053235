"""A partner's system that keeps the contract of docs/webhook.md: signed, taken once, corrected, withdrawn."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Partner, PartnerItem, Taken
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply

PREFIX = "/partner/"
INBOX = "/inbox"
MAX_AGE = 300
"""Seconds after which a signature is too old."""
MAX_ITEMS = 1_000
MAX_TEXT = 100_000
OPERATIONS = {
    "ping": "ping",
    "warning.published": "publish",
    "warning.corrected": "correct",
    "warning.withdrawn": "withdraw",
}
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_STAMP = re.compile(r"[0-9]{1,12}")


class _Refused(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def is_inbox(request: Request) -> bool:
    """Whether the request brings something to a partner."""
    inside = request.path.removeprefix(PREFIX).removesuffix(INBOX)
    return request.method == "POST" and request.path == f"{PREFIX}{inside}{INBOX}" and "/" not in inside


def operation_of(request: Request) -> str:
    """The operation a fault may name; ``unknown`` for a body that cannot be read."""
    try:
        body = request.json
    except BadBody:
        return "unknown"
    return OPERATIONS.get(str(body.get("event")), "unknown") if isinstance(body, dict) else "unknown"


def run(remote: Remote, request: Request) -> Reply:
    """Take one event; the caller holds ``remote.lock``."""
    partner = remote.state.partners.get(request.path.removeprefix(PREFIX).removesuffix(INBOX))
    if partner is None:
        return error_reply(404, "no such partner")
    try:
        _require_signature(remote, request, partner)
        return json_reply(_take(remote, request, partner))
    except _Refused as error:
        return error_reply(error.status, str(error))
    except BadBody as error:
        return error_reply(400, str(error))


def error_reply(status: int, message: str) -> Reply:
    """A refusal in the partner's words."""
    reply = json_reply({"error": message or "planned"}, status)
    reply.refused = True
    return reply


def mac(body: bytes, timestamp: str, key: str) -> str:
    """HMAC-SHA256 hex over the timestamp, a full stop and the raw body."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _require_signature(remote: Remote, request: Request, partner: Partner) -> None:
    stamp = request.headers.get("x-keng-timestamp", "")
    given = [part.strip() for part in request.headers.get("x-keng-signature", "").split(",")][:4]
    if _STAMP.fullmatch(stamp) is None:
        partner.refused += 1
        raise _Refused(401, "no timestamp")
    wanted = f"v1={mac(request.body, stamp, partner.signing_key)}".encode()
    fits = [hmac.compare_digest(wanted, part.encode("utf-8", "replace")) for part in given]
    if not any(fits):
        partner.refused += 1
        raise _Refused(401, "wrong signature")
    # The machine's own clock: one that was moved for the platforms' tokens is not the partner's.
    if abs(remote.machine_now() - int(stamp)) > MAX_AGE:
        partner.refused += 1
        raise _Refused(401, "the signature is too old")


def _take(remote: Remote, request: Request, partner: Partner) -> dict[str, str]:
    content = request.json
    if not isinstance(content, dict) or content.get("version") != 1:
        raise _Refused(400, "version 1 of the contract is known here")
    operation = OPERATIONS.get(str(content.get("event")))
    if operation is None:
        raise _Refused(400, "unknown event")
    if operation == "ping":
        return {}
    key = request.headers.get("idempotency-key", "")
    if _KEY.fullmatch(key) is None:
        raise _Refused(400, "no Idempotency-Key")
    place = f"{partner.id}:{key}"
    digest = hashlib.sha256(request.body).hexdigest()
    known = remote.state.taken.get(place)
    if known is None:
        item = _shown(remote, request, partner, content, operation)
        known = remote.state.taken[place] = Taken(partner.id, item.id, digest, operation)
        _forget_oldest(remote)
    elif known.body_hash != digest:
        raise _Refused(422, "this Idempotency-Key came with another body before")
    return {"id": known.item_id, "url": f"{remote.base_url}{address_of(partner.id, known.item_id)}"}


def address_of(partner_id: str, item_id: str) -> str:
    """The path of an item's page."""
    return f"{PREFIX}{partner_id}/items/{item_id}"


def _shown(
    remote: Remote, request: Request, partner: Partner, content: dict[str, Any], operation: str
) -> PartnerItem:
    """The new item, or the changed one."""
    now = remote.now()
    before = remote.state.partner_items.get(_text(content, "replaces"))
    fits = before is not None and before.partner_id == partner.id
    if operation == "withdraw" and not fits:
        raise _Refused(404, "what is withdrawn was never here")
    if before is not None and fits:
        before.changed = now
        before.withdrawn = operation == "withdraw"
        before.note = _text(content, "note")
        if not before.withdrawn:
            for name in ("reference", "title", "text", "link"):
                setattr(before, name, _text(content, name))
        return before
    sequence = remote.state.take_id()
    item = PartnerItem(
        id=f"{partner.id}-{sequence}",
        partner_id=partner.id,
        sequence=sequence,
        reference=_text(content, "reference"),
        title=_text(content, "title"),
        text=_text(content, "text"),
        link=_text(content, "link"),
        note=_text(content, "note"),
        received=now,
        visible_at=now + request.visible_after,
    )
    remote.state.partner_items[item.id] = item
    return item


def _text(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _forget_oldest(remote: Remote) -> None:
    items, taken = remote.state.partner_items, remote.state.taken
    while len(items) > MAX_ITEMS:
        items.pop(next(iter(items)))
    # A key must be known for longer than its item can be repeated: several versions an item.
    while len(taken) > 5 * MAX_ITEMS:
        taken.pop(next(iter(taken)))


def items_of(remote: Remote, partner_id: str) -> list[PartnerItem]:
    """What a partner took, newest first, the hidden and the withdrawn included."""
    rows = [item for item in remote.state.partner_items.values() if item.partner_id == partner_id]
    return sorted(rows, key=lambda item: (item.received, item.sequence), reverse=True)
