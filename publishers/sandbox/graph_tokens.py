"""Token operations: inspect, exchange, and the pages a user manages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from publishers.sandbox import world
from publishers.sandbox.graph_call import GraphCall
from publishers.sandbox.graph_errors import SUBCODE_MESSAGES, GraphError, no_such_object
from publishers.sandbox.graph_fields import project
from publishers.sandbox.state import USER_TOKEN_SECONDS, FacebookToken, Page

MAX_TOKENS = 500


def debug_token(call: GraphCall) -> dict[str, Any]:
    """``data`` on the token given as ``input_token``, valid or not."""
    text = call.params.get("input_token", "")
    if not text:
        raise GraphError(100, "(#100) The parameter input_token is required")
    token = call.state.facebook_tokens.get(text)
    if token is None:
        problem = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": problem, "is_valid": False, "scopes": []}}
    subcode = token.dead_subcode
    if subcode < 0 and 0 < token.expires_at <= call.now:
        subcode = 463
    data: dict[str, Any] = {
        "app_id": world.FACEBOOK_APP_ID,
        "type": token.kind.upper(),
        "application": "Kẻng (sandbox)",
        "data_access_expires_at": int(token.data_access_expires_at),
        "expires_at": int(token.expires_at),
        "is_valid": subcode < 0,
        "scopes": list(token.scopes),
        "granular_scopes": [{"scope": scope} for scope in token.scopes if scope.startswith("pages_")],
        "user_id": world.FACEBOOK_USER_ID,
    }
    if token.kind == "page":
        data["profile_id"] = token.owner_id
    if subcode >= 0:
        message = SUBCODE_MESSAGES.get(subcode, "Error validating access token.")
        data["error"] = {"code": 190, "message": message, "subcode": subcode}
    return {"data": data}


def access_token(call: GraphCall) -> dict[str, Any]:
    """``oauth/access_token``: an app token, or a long user token for a live user token."""
    params = call.params
    if params.get("client_id") != world.FACEBOOK_APP_ID:
        raise GraphError(101)
    if params.get("client_secret") != world.FACEBOOK_APP_SECRET:
        raise GraphError(1, "Error validating client secret.", status=400)
    grant = params.get("grant_type")
    if grant == "client_credentials":
        return {"access_token": world.FACEBOOK_APP_TOKEN, "token_type": "bearer"}
    if grant != "fb_exchange_token":
        raise GraphError(100, "(#100) Unsupported grant_type")
    old = call.state.facebook_tokens.get(params.get("fb_exchange_token", ""))
    if old is None or old.kind != "user":
        raise GraphError(190)
    if old.dead_subcode >= 0 or 0 < old.expires_at <= call.now:
        raise GraphError(190, subcode=old.dead_subcode if old.dead_subcode >= 0 else 463)
    if len(call.state.facebook_tokens) >= MAX_TOKENS:
        raise GraphError(4)
    text = "EAASANDBOXPUBLIC" + secrets.token_hex(16)
    expires = call.now + USER_TOKEN_SECONDS
    call.state.facebook_tokens[text] = FacebookToken(
        text, "user", old.owner_id, list(old.scopes), expires, call.now + 90 * 86_400
    )
    return {"access_token": text, "token_type": "bearer", "expires_in": USER_TOKEN_SECONDS}


def accounts(call: GraphCall) -> dict[str, Any]:
    """The pages the user manages, each with its page token."""
    caller = call.caller
    if call.object_id not in ("me", caller.owner_id) or caller.kind != "user":
        raise no_such_object(call.object_id, "get")
    if "pages_show_list" not in caller.scopes:
        return {"data": []}
    rows = [_managed(call, page) for page in call.state.pages.values()]
    return {"data": rows, "paging": {"cursors": {"before": "QVFI", "after": "QVFJ"}}}


def _managed(call: GraphCall, page: Page) -> dict[str, Any]:
    known: dict[str, Callable[[], Any]] = {
        "id": lambda: page.id,
        "name": lambda: page.name,
        "category": lambda: page.category,
        "category_list": lambda: [{"id": "2235", "name": page.category}],
        "access_token": lambda: page_token(call, page.id),
        "tasks": lambda: ["ANALYZE", "CREATE_CONTENT", "MODERATE", "MESSAGING", "MANAGE"],
        "picture": lambda: picture_of(call, page.id),
    }
    default = "access_token,category,category_list,name,id,tasks"
    return project(call.params.get("fields", ""), default, known, "Page")


def page_token(call: GraphCall, page_id: str) -> str | None:
    """The token of a page, for its manager or for the page itself; None for others."""
    caller = call.caller
    if caller.kind == "page" and caller.owner_id == page_id:
        return caller.token
    if caller.kind != "user":
        return None
    for token in call.state.facebook_tokens.values():
        if token.kind == "page" and token.owner_id == page_id:
            return token.token
    return None


def picture_of(call: GraphCall, page_id: str) -> dict[str, Any]:
    """The ``picture`` field of a page."""
    url = f"{call.remote.base_url}/avatar/{page_id}.png"
    return {"data": {"height": 200, "is_silhouette": False, "url": url, "width": 200}}
