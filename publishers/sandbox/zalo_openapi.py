"""The Zalo OA API door: token, proof, rate limit, and the table of operations."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from typing import Any

from publishers.sandbox import world, zalo_groups, zalo_messages, zalo_uploads
from publishers.sandbox.remote import Remote
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply
from publishers.sandbox.zalo_errors import ZaloError, openapi_error, openapi_reply

PREFIX = "/zalo/"

Run = Callable[[Remote, Request], Any]


def get_oa(remote: Remote, request: Request) -> dict[str, Any]:
    """Who this Official Account is; type 4 is a government account."""
    until = time.strftime("%d/%m/%Y", time.gmtime(remote.now() + 200 * 86_400))
    return {
        "oaid": world.ZALO_OA_ID,
        "oa_id": world.ZALO_OA_ID,
        "name": world.ZALO_OA_NAME,
        "description": world.ZALO_OA_DESCRIPTION,
        "oa_type": 4,
        "cate_name": "Cơ quan nhà nước",
        "is_verified": True,
        "num_follower": 5120,
        "avatar": f"{remote.base_url}/avatar/{world.ZALO_OA_ID}.png",
        "package_name": "Tăng trưởng",
        "package_valid_through_date": until,
    }


# (method, path under the prefix) -> (operation, function)
OPERATIONS: dict[tuple[str, str], tuple[str, Run]] = {
    ("POST", "v3.0/oa/group/message"): ("send_group_message", zalo_messages.send),
    ("GET", "v3.0/oa/group/conversation"): ("conversation", zalo_messages.conversation),
    ("GET", "v3.0/oa/group/getgroupsofoa"): ("list_groups", zalo_groups.list_groups),
    ("GET", "v3.0/oa/group/getgroup"): ("get_group", zalo_groups.get_group),
    ("GET", "v3.0/oa/group/listmember"): ("list_members", zalo_groups.list_members),
    ("POST", "v3.0/oa/quota/group"): ("group_quota", zalo_groups.quota),
    ("POST", "v2.0/oa/upload/image"): ("upload_image", zalo_uploads.image),
    ("POST", "v2.0/oa/upload/gif"): ("upload_gif", zalo_uploads.gif),
    ("POST", "v2.0/oa/upload/file"): ("upload_file", zalo_uploads.file),
    ("GET", "v2.0/oa/getoa"): ("get_oa", get_oa),
}


def find(request: Request) -> str:
    """The operation's name, or ``unknown``."""
    found = OPERATIONS.get((request.method, request.path.removeprefix(PREFIX)))
    return found[0] if found else "unknown"


def run(remote: Remote, request: Request) -> Reply:
    """Carry the call out; the caller holds ``remote.lock``."""
    settings = remote.state.settings
    as_string = settings.zalo_error_as_string
    found = OPERATIONS.get((request.method, request.path.removeprefix(PREFIX)))
    if found is None:
        reply = json_reply({"error": 404, "message": "Empty api"}, status=404)
        reply.refused = True
        return reply
    used = remote.zalo_meter.hit("oa", remote.now())
    try:
        _admit(remote, request, used)
        reply = openapi_reply(0, "Success", found[1](remote, request), as_string)
    except ZaloError as error:
        reply = openapi_error(error.code, error.detail, as_string)
    except BadBody as error:
        reply = openapi_error(-201, str(error), as_string)
    reply.headers["X-RateLimit-Limit"] = str(settings.zalo_calls_per_minute)
    reply.headers["X-RateLimit-Remain"] = str(max(0, settings.zalo_calls_per_minute - used))
    return reply


def _admit(remote: Remote, request: Request, used: int) -> None:
    if used > remote.state.settings.zalo_calls_per_minute:
        raise ZaloError(-32)
    text = request.headers.get("access_token", "")
    token = remote.state.access_tokens.get(text)
    if token is None or token.killed:
        raise ZaloError(-216)
    if token.expires_at <= remote.now():
        raise ZaloError(-220)
    proof = request.headers.get("appsecret_proof", "")
    if proof or remote.state.settings.zalo_require_proof:
        expected = hmac.new(world.ZALO_SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(expected.encode(), proof.encode("utf-8", "replace")):
            raise ZaloError(-242)
