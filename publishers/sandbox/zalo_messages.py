"""Sending into a GMF group, and reading its conversation back."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Any

from publishers.sandbox import world
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import GroupMessage, Upload
from publishers.sandbox.wire import Request
from publishers.sandbox.zalo_errors import ZaloError
from publishers.sandbox.zalo_groups import number, own_group

MAX_TEXT = 2_000  # NFC code points
HANDLE_SECONDS = 7 * 86_400
MENTION = re.compile(r"\[@([^\[\]]{1,64})\]")


def send(remote: Remote, request: Request) -> dict[str, Any]:
    """Text, image, gif or file into a group. Returns message_id, group_id and sent_time (ms)."""
    body = request.json
    recipient = body.get("recipient") if isinstance(body, dict) else None
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(recipient, dict) or not isinstance(message, dict):
        raise ZaloError(-201, "recipient, message")
    group = own_group(remote, recipient.get("group_id"))
    if group.status != "enabled":
        raise ZaloError(-237)
    if set(message) - {"text", "attachment"}:
        raise ZaloError(-201, "message")
    text = _text(message.get("text"))
    kind, upload = "text", None
    if "attachment" in message:
        kind, upload = _attachment(remote, message["attachment"])
        if kind == "file" and text:
            raise ZaloError(-201, "text")
    elif not text.strip():
        raise ZaloError(-201, "text")
    mentions = MENTION.findall(text)
    sequence = remote.state.take_id()
    sent = GroupMessage(
        id=sha256(f"{group.id}:{sequence}".encode()).hexdigest()[:20],
        group_id=group.id,
        sequence=sequence,
        kind=kind,
        text=text,
        file=upload.file if upload else "",
        file_name=upload.file_name if upload else "",
        time=remote.now(),
        visible_at=remote.now() + request.visible_after,
        pinged=[user for user in mentions if user != group.id],
        pinged_all=group.id in mentions,
    )
    remote.state.messages.append(sent)
    return {"message_id": sent.id, "group_id": group.id, "sent_time": str(int(sent.time * 1000))}


def conversation(remote: Remote, request: Request) -> list[dict[str, Any]]:
    """A page of a group's messages, newest first; ``src`` 0 is the Official Account."""
    group = own_group(remote, request.query.get("group_id"))
    offset = number(request, "offset", 0, 10**9)
    count = number(request, "count", 5, remote.state.settings.zalo_conversation_max)
    now = remote.now()
    rows = [row for row in remote.state.messages if row.group_id == group.id and row.visible_at <= now]
    rows.sort(key=lambda row: (row.time, row.sequence), reverse=True)
    return [_item(remote, row) for row in rows[offset : offset + count]]


def _item(remote: Remote, row: GroupMessage) -> dict[str, Any]:
    item: dict[str, Any] = {
        "src": 0,
        "time": int(row.time * 1000),
        "type": {"image": "photo"}.get(row.kind, row.kind),
        "message": row.text,
        "message_id": row.id,
        "from_id": world.ZALO_OA_ID,
        "from_display_name": world.ZALO_OA_NAME,
        "group_id": row.group_id,
    }
    if row.file:
        item["url"] = f"{remote.base_url}/files/{row.file}"
        if row.kind == "image":
            item["thumb"] = item["url"]
    return item


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ZaloError(-201, "text")
    if len(unicodedata.normalize("NFC", value)) > MAX_TEXT:
        raise ZaloError(-210, "text")
    return value


def _attachment(remote: Remote, attachment: Any) -> tuple[str, Upload]:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise ZaloError(-201, "attachment")
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        return "file", _handle(remote, payload.get("token"), "file")
    # A flat {"type": "image"} is what many guess first; the API takes only the media template.
    if attachment.get("type") != "template" or payload.get("template_type") != "media":
        raise ZaloError(-201, "attachment.type")
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise ZaloError(-201, "elements")
    element = elements[0]
    kind = element.get("media_type")
    if kind not in ("image", "gif"):
        raise ZaloError(-233 if kind == "sticker" else -201, "media_type")
    if kind == "gif" and not all(isinstance(element.get(side), int) for side in ("width", "height")):
        raise ZaloError(-201, "width, height")
    return kind, _handle(remote, element.get("attachment_id"), kind)


def _handle(remote: Remote, value: Any, kind: str) -> Upload:
    if not isinstance(value, str) or not value:
        raise ZaloError(-201, "attachment_id")
    upload = remote.state.uploads.get(value)
    if upload is None or upload.kind != kind or remote.now() - upload.created > HANDLE_SECONDS:
        raise ZaloError(-100)
    return upload
