"""The Graph API door: versions, tokens, proofs, usage and the table of operations."""

from __future__ import annotations

import hmac
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from publishers.sandbox import graph_publish, graph_read, graph_tokens, world
from publishers.sandbox.graph_call import GraphCall
from publishers.sandbox.graph_errors import GraphError, no_such_object
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import FacebookToken
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply

PREFIX = "/graph/"
OLDEST, NEWEST = 21, 26
_VERSION = re.compile(r"v(\d{1,3})\.\d{1,2}")
_POST_ID = re.compile(r"\d+_\d+")
_LISTS = ("published_posts", "posts", "feed", "scheduled_posts")
_THROTTLES = {4, 17, 32, 613, 80001}

Run = Callable[[GraphCall], Any]

OPERATIONS: dict[str, Run] = {
    "debug_token": graph_tokens.debug_token,
    "access_token": graph_tokens.access_token,
    "me": graph_read.me,
    "accounts": graph_tokens.accounts,
    "get_page": graph_read.get_page,
    "picture": graph_read.picture,
    "post_feed": graph_publish.post_feed,
    "post_photo": graph_publish.post_photo,
    "list_posts": graph_read.list_posts,
    "get_post": graph_read.get_post,
    "edit_post": graph_publish.edit_post,
    "delete_post": graph_publish.delete_post,
    "insights": graph_read.insights,
    "get_photo": graph_read.get_photo,
    "delete_photo": graph_publish.delete_photo,
}
_WITHOUT_TOKEN = {"access_token"}
_WITHOUT_PROOF = {"access_token", "debug_token"}


@dataclass(frozen=True)
class Target:
    """Which operation a path means: name, object id, connection and version (0: none in the path)."""

    operation: str
    object_id: str = ""
    connection: str = ""
    version: int = 0
    problem: str = ""


def find(remote: Remote, request: Request) -> Target:
    """Read the path; an unknown one becomes the operation ``unknown`` with the reason in ``problem``."""
    parts = [part for part in request.path.removeprefix(PREFIX).split("/") if part]
    version = 0
    if parts and (match := _VERSION.fullmatch(parts[0])):
        version = int(match[1])
        parts = parts[1:]
    if not parts or len(parts) > 2 or version > NEWEST:
        return Target("unknown", problem=request.path.removeprefix(PREFIX[:-1]))
    object_id, connection = parts[0], parts[1] if len(parts) == 2 else ""
    operation = _operation(remote, request.method, object_id, connection)
    return Target(operation, object_id, connection, max(version, OLDEST) if version else 0)


def _operation(remote: Remote, method: str, object_id: str, connection: str) -> str:
    if connection:
        if (object_id, connection) == ("oauth", "access_token"):
            return "access_token"
        table = {
            ("GET", "accounts"): "accounts",
            ("GET", "picture"): "picture",
            ("GET", "insights"): "insights",
            ("POST", "feed"): "post_feed",
            ("POST", "photos"): "post_photo",
        } | {("GET", name): "list_posts" for name in _LISTS}
        return table.get((method, connection), "unknown")
    if object_id in ("debug_token", "me"):
        return object_id if method == "GET" else "unknown"
    if object_id in remote.state.pages:
        return "get_page" if method == "GET" else "unknown"
    kind = "post" if _POST_ID.fullmatch(object_id) else "photo"
    verbs = {"GET": "get", "DELETE": "delete"} | ({"POST": "edit"} if kind == "post" else {})
    return f"{verbs[method]}_{kind}" if method in verbs else "unknown"


def run(remote: Remote, request: Request, target: Target) -> Reply:
    """Carry the call out; the caller holds ``remote.lock``."""
    try:
        call = _call(remote, request, target)
        run_operation = OPERATIONS.get(target.operation)
        if run_operation is None:
            raise no_such_object(target.object_id, request.method.lower())
        result = run_operation(call)
        return result if isinstance(result, Reply) else json_reply(result)
    except GraphError as error:
        return error.reply(trace(remote))
    except BadBody as error:
        return GraphError(100, f"(#100) The request body could not be read: {error}").reply(trace(remote))


def error_reply(
    remote: Remote, code: int | None, subcode: int | None, message: str, status: int | None
) -> Reply:
    """The reply of a planned error."""
    return GraphError(2 if code is None else code, message, subcode=subcode or 0, status=status or 0).reply(
        trace(remote)
    )


def decorate(remote: Remote, reply: Reply, extra_key: bool = False, as_list: bool = False) -> None:
    """Put the usage headers on a reply; ``extra_key`` and ``as_list`` are the two known surprises."""
    percent, minutes = usage(remote)
    app: dict[str, int] = {"call_count": percent, "total_time": percent // 2, "total_cputime": percent // 3}
    pages = {"type": "pages", **app, "estimated_time_to_regain_access": minutes if percent >= 100 else 0}
    if extra_key:
        app["call_weight"] = 1
        pages["page_volume"] = 1
    reply.headers["X-App-Usage"] = json.dumps([app] if as_list else app)
    reply.headers["X-Business-Use-Case-Usage"] = json.dumps({world.FACEBOOK_BUSINESS_ID: [pages]})
    reply.headers["facebook-api-version"] = f"v{NEWEST}.0"


def usage(remote: Remote) -> tuple[int, int]:
    """Used share of the hourly limit in percent (at most 100), and minutes until it starts anew."""
    limit = max(1, remote.state.settings.facebook_calls_per_hour)
    percent = min(100, 100 * remote.graph_calls // limit)
    return percent, max(1, math.ceil(remote.graph_meter.remaining_seconds(remote.now()) / 60))


def trace(remote: Remote) -> str:
    """A fbtrace_id, different for each error."""
    remote.traces += 1
    return f"Asandbox{remote.traces:08d}"


def _call(remote: Remote, request: Request, target: Target) -> GraphCall:
    settings = remote.state.settings
    if target.problem:
        raise GraphError(2500, f"Unknown path components: {target.problem}")
    if settings.facebook_require_version and not target.version and target.operation != "access_token":
        raise GraphError(2635, "(#2635) An API version is required in the path")
    params = _params(request)
    remote.graph_calls = remote.graph_meter.hit("app", remote.now())
    if remote.graph_calls > settings.facebook_calls_per_hour:
        raise GraphError(settings.facebook_throttle_code)
    token = None
    if target.operation not in _WITHOUT_TOKEN:
        text = params.get("access_token") or _bearer(request)
        if not text:
            raise GraphError(104, status=400)
        token = authenticate(remote, text)
        if target.operation not in _WITHOUT_PROOF:
            _check_proof(remote, text, params.get("appsecret_proof", ""))
    return GraphCall(
        remote, request, params, target.object_id, target.connection, target.version or NEWEST, token
    )


def _params(request: Request) -> dict[str, str]:
    params = dict(request.query)
    if request.content_type == "application/json":
        body = request.json
        if not isinstance(body, dict):
            raise BadBody("not a JSON object")
        params |= {key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()}
    else:
        params |= request.form
    return params


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") else ""


def authenticate(remote: Remote, text: str) -> FacebookToken:
    """The live token behind ``text``. Raises GraphError 190."""
    token = remote.state.facebook_tokens.get(text)
    if token is None:
        raise GraphError(190)
    if token.dead_subcode >= 0:
        raise GraphError(190, subcode=token.dead_subcode)
    if 0 < token.expires_at <= remote.now():
        raise GraphError(190, subcode=463)
    return token


def _check_proof(remote: Remote, token: str, proof: str) -> None:
    if not proof:
        if remote.state.settings.facebook_require_proof:
            raise GraphError(100, "API calls from the server require an appsecret_proof argument")
        return
    expected = hmac.new(world.FACEBOOK_APP_SECRET.encode(), token.encode(), "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), proof.encode()):
        raise GraphError(100, "Invalid appsecret_proof provided in the API argument")
