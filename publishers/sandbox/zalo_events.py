"""Zalo's webhook from the other side: events of the Official Account, signed and sent to the CMS."""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from publishers.sandbox import world
from publishers.sandbox.images import is_local
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Group, GroupMessage
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply

CONTROL_PATH = "/_ctl/zalo_event"
SECONDS = 5
"""How long the CMS may take. Zalo itself waits two."""
DEFAULT_TEXT = "Bà con cho hỏi, tin nhắn này có phải lừa đảo không?"


class BadEvent(ValueError):
    """No such event can be sent; the message says why."""


def send(remote: Remote, body: Any) -> int:
    """Send ``{"event", "group_id", "text"?, "url"?}``; the HTTP status the CMS answers, 0 for none.

    Never called with ``remote.lock`` held: the CMS may ask the sandbox before it answers. Raises BadEvent.
    """
    if not isinstance(body, dict):
        raise BadEvent("the body is a JSON object")
    url = body.get("url") or remote.zalo_webhook_url
    if not isinstance(url, str) or not url:
        raise BadEvent("no webhook address: start with --zalo-webhook-url, or give url")
    if not is_local(url):
        raise BadEvent("the sandbox calls this machine only")
    with remote.lock:
        event = compose(remote, str(body.get("event", "")), str(body.get("group_id", "")), body.get("text"))
    raw = json.dumps(event, ensure_ascii=False).encode()
    status = _post(url, raw, signature(raw, event["timestamp"]))
    with remote.lock:
        remote.journal.append(
            {
                "time": remote.now(),
                "api": "zalo_webhook",
                "operation": event["event_name"],
                "path": event["group_id"],
                "fault": "",
                "status": status,
            }
        )
    return status


def run(remote: Remote, request: Request) -> Reply:
    """``POST /_ctl/zalo_event``."""
    try:
        return json_reply({"ok": True, "status": send(remote, request.json)})
    except (BadEvent, BadBody) as error:
        return json_reply({"error": str(error)}, 400)


def compose(remote: Remote, name: str, group_id: str, text: Any = None) -> dict[str, Any]:
    """The event as Zalo writes it; the caller holds ``remote.lock``. Raises BadEvent."""
    group = remote.state.groups.get(group_id)
    if group is None:
        raise BadEvent("unknown group_id")
    if name not in EVENTS:
        raise BadEvent("event is one of " + ", ".join(EVENTS))
    event: dict[str, Any] = {
        "app_id": world.ZALO_APP_ID,
        "oa_id": world.ZALO_OA_ID,
        "event_name": name,
        # Milliseconds, as text.
        "timestamp": str(int(remote.machine_now() * 1000)),
        "group_id": group_id,
    }
    said = text if isinstance(text, str) and text else DEFAULT_TEXT
    return event | EVENTS[name](remote, group, said)


def signature(raw: bytes, timestamp: str) -> str:
    """``mac=<hex>``: SHA-256 over app id, raw body, timestamp and the key of the webhook page."""
    first, key = world.ZALO_APP_ID.encode(), world.ZALO_WEBHOOK_KEY.encode()
    return f"mac={hashlib.sha256(first + raw + timestamp.encode() + key).hexdigest()}"


def _from_member(remote: Remote, group: Group, text: str) -> dict[str, Any]:
    member, _name = world.MEMBERS[0]
    number = remote.state.take_id()
    return {
        "sender": {"id": member},
        "recipient": {"id": group.id},
        "message": {"msg_id": f"user-{number}", "text": text[:2_000]},
    }


def _echo(remote: Remote, group: Group, text: str) -> dict[str, Any]:
    latest: GroupMessage | None = None
    for message in remote.state.messages:
        if message.group_id == group.id and (latest is None or message.sequence > latest.sequence):
            latest = message
    if latest is None:
        raise BadEvent("the Official Account has written nothing in this group yet")
    return {
        "sender": {"id": world.ZALO_OA_ID},
        "recipient": {"id": group.id},
        "message": {"msg_id": latest.id, "text": latest.text},
    }


def _about_group(remote: Remote, group: Group, text: str) -> dict[str, Any]:
    return {"group": {"id": group.id, "name": group.name}, "oa": {"id": world.ZALO_OA_ID}}


EVENTS: dict[str, Callable[[Remote, Group, str], dict[str, Any]]] = {
    "user_send_group_text": _from_member,
    "oa_send_group_text": _echo,
    "update_group_info": _about_group,
    "delete_group": _about_group,
}


def _post(url: str, raw: bytes, mac: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS)
    try:
        connection.request(
            "POST",
            parts.path or "/",
            body=raw,
            headers={"Content-Type": "application/json", "X-ZEvent-Signature": mac},
        )
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return 0
    finally:
        connection.close()
