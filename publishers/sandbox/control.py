"""Turning the world from outside, under ``/_ctl/``: faults, clock, settings, tokens; and looking in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from publishers.sandbox import mails, world
from publishers.sandbox.faults import BadFault, parse_fault
from publishers.sandbox.graph_read import COUNTERS, stamp
from publishers.sandbox.images import is_local
from publishers.sandbox.partner import items_of
from publishers.sandbox.remote import Remote
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply

PREFIX = "/_ctl/"


class BadControl(ValueError):
    """A control call asks for something that does not exist; the message says what."""


def run(remote: Remote, request: Request) -> Reply:
    """Any call under the prefix; the caller holds ``remote.lock``."""
    if is_foreign(remote, request):
        return refusal()
    name = request.path.removeprefix(PREFIX)
    try:
        if request.method == "GET" and name in _READS:
            return json_reply(_READS[name](remote))
        if request.method == "DELETE" and name == "fault":
            remote.faults.clear()
            return json_reply({"ok": True})
        if request.method == "POST" and name in _WRITES:
            body = request.json if request.body else {}
            _WRITES[name](remote, body)
            return json_reply({"ok": True})
    except (BadControl, BadFault, BadBody) as error:
        return json_reply({"error": str(error)}, 400)
    return json_reply({"error": "unknown control call"}, 404)


def is_foreign(remote: Remote, request: Request) -> bool:
    """Whether another web page makes a browser send this."""
    origin = request.headers.get("origin")
    if not origin or origin == remote.base_url:
        return False
    # A person may have typed localhost where the links say 127.0.0.1.
    return not is_local(origin) or origin != f"http://{request.headers.get('host', '')}"


def refusal() -> Reply:
    """The answer to a foreign call."""
    return json_reply({"error": "control calls come from no other web page"}, 403)


def snapshot(remote: Remote) -> dict[str, Any]:
    """Everything: what each page, group, partner and address got; faults, settings, requests. No token in it."""
    state = remote.state
    living = [token for token in state.access_tokens.values() if not token.killed]
    return {
        "now": remote.now(),
        "clock_shift": state.clock_shift,
        "settings": vars(state.settings).copy(),
        "pages": {
            page_id: {**vars(page), "posts": posts(remote, page_id)} for page_id, page in state.pages.items()
        },
        "groups": {
            group_id: {**vars(group), "messages": messages(remote, group_id)}
            for group_id, group in state.groups.items()
        },
        "partners": {
            partner.id: {
                "name": partner.name,
                "refused": partner.refused,
                "items": [asdict(item) for item in items_of(remote, partner.id)],
            }
            for partner in state.partners.values()
        },
        "mails": {
            address: [asdict(mail) for mail in rows] for address, rows in mails.recipients(remote).items()
        },
        "mail_address": remote.mail_address,
        "zalo_webhook_url": remote.zalo_webhook_url,
        "photos": [asdict(photo) for photo in state.photos.values()],
        "pinged_all": any(row.pinged_all for row in state.messages),
        "zalo_tokens": {
            "minted": len(state.access_tokens) - 1,
            "access_expires_at": living[-1].expires_at if living else 0,
            "refresh_used": sum(token.used for token in state.refresh_tokens.values()),
        },
        "faults": remote.faults.listing(),
        "requests": list(remote.journal),
    }


def posts(remote: Remote, page_id: str) -> list[dict[str, Any]]:
    """All posts of a page newest first, the hidden and the scheduled included."""
    now = remote.now()
    rows = [post for post in remote.state.posts.values() if post.page_id == page_id]
    rows.sort(key=lambda post: (post.time, post.sequence), reverse=True)
    return [
        asdict(post)
        | {"created_time": stamp(post.time), "live": post.is_live(now), "visible": post.visible_at <= now}
        for post in rows
    ]


def messages(remote: Remote, group_id: str) -> list[dict[str, Any]]:
    """All messages of a group newest first, the hidden included."""
    now = remote.now()
    rows = [row for row in remote.state.messages if row.group_id == group_id]
    rows.sort(key=lambda row: (row.time, row.sequence), reverse=True)
    return [asdict(row) | {"visible": row.visible_at <= now} for row in rows]


def plan_faults(remote: Remote, body: Any) -> None:
    """Plan one fault, or a list of them. Raises BadFault."""
    for fault in [parse_fault(raw) for raw in (body if isinstance(body, list) else [body])]:
        remote.faults.add(fault)


def reset(remote: Remote, body: Any) -> None:
    """``{}`` starts the world over; ``{"only": "tokens"}`` brings back the seeded tokens alone."""
    if not _object(body):
        remote.reset()
    elif body == {"only": "tokens"}:
        remote.reset_tokens()
    else:
        raise BadControl("only: tokens, or nothing")


def shift_clock(remote: Remote, body: Any) -> None:
    """``{"shift": seconds}`` moves the clock on (or back)."""
    remote.state.clock_shift += _take(body, "shift", (int, float))


def change_settings(remote: Remote, body: Any) -> None:
    """Any fields of state.Settings."""
    known = vars(remote.state.settings)
    for name, value in _object(body).items():
        if name not in known or type(value) is not type(known[name]):
            raise BadControl(f"setting {name!r} is unknown or of another type")
    known.update(body)


def change_group(remote: Remote, body: Any) -> None:
    """``{"group_id", "status"?, "oa_member"?}``: disable a group, or put the account out of it."""
    group = remote.state.groups.get(_take(body, "group_id", (str,)))
    if group is None:
        raise BadControl("unknown group_id")
    if "status" in body:
        group.status = _take(body, "status", (str,))
    if "oa_member" in body:
        group.oa_member = _take(body, "oa_member", (bool,))


def change_token(remote: Remote, body: Any) -> None:
    """``{"page"|"zalo": ..., "subcode"?, "expires_in"?, "scopes"?, "kill"?}``.

    ``page`` names the page whose token changes: ``subcode`` kills it with that error subcode (-1 revives
    it), ``expires_in`` counts seconds from now (0: never), ``scopes`` replaces its permissions.
    ``zalo: true`` with ``kill: true`` kills the living access token; with ``expires_in`` moves its end.
    """
    if "page" in _object(body):
        _change_page_token(remote, body)
    elif body.get("zalo") is True:
        for token in remote.state.access_tokens.values():
            if body.get("kill") is True:
                token.killed = True
            if "expires_in" in body and not token.killed:
                token.expires_at = remote.now() + _take(body, "expires_in", (int, float))
    else:
        raise BadControl("name a page, or zalo: true")


def _change_page_token(remote: Remote, body: dict[str, Any]) -> None:
    tokens = [
        token
        for token in remote.state.facebook_tokens.values()
        if token.kind == "page" and token.owner_id == body["page"]
    ]
    if not tokens:
        raise BadControl("unknown page")
    for token in tokens:
        if "subcode" in body:
            token.dead_subcode = _take(body, "subcode", (int,))
        if "expires_in" in body:
            life = _take(body, "expires_in", (int, float))
            token.expires_at = remote.now() + life if life else 0.0
        if "scopes" in body:
            token.scopes = [str(scope) for scope in _take(body, "scopes", (list,))]


def change_partner(remote: Remote, body: Any) -> None:
    """``{"partner_id", "signing_key"}``: the partner enters the key that the CMS made for it."""
    partner = remote.state.partners.get(_take(body, "partner_id", (str,)))
    if partner is None:
        raise BadControl("unknown partner_id")
    key = _take(body, "signing_key", (str,)).strip()
    if not 8 <= len(key) <= 500:
        raise BadControl("signing_key has 8 to 500 characters")
    partner.signing_key = key


def set_engagement(remote: Remote, body: Any) -> None:
    """``{"post_id", views?, viewers?, clicks?, reactions?, comments?, shares?}``."""
    post = remote.state.posts.get(_take(body, "post_id", (str,)))
    if post is None:
        raise BadControl("unknown post_id")
    for name in set(body) - {"post_id"}:
        if name not in COUNTERS:
            raise BadControl(f"unknown counter {name!r}")
        post.engagement[name] = _take(body, name, (int,))


def demo(remote: Remote) -> dict[str, Any]:
    """The public identifiers and secrets of the demo world, and where it is served."""
    return {**world.as_json(), "base_url": remote.base_url, "mail_address": remote.mail_address}


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadControl("the body is a JSON object")
    return body


def _take(body: Any, name: str, kinds: tuple[type, ...]) -> Any:
    value = _object(body).get(name)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise BadControl(f"{name} is missing or of another type")
    return value


_READS: dict[str, Callable[[Remote], Any]] = {
    "state": snapshot,
    "world": demo,
    "fault": lambda remote: remote.faults.listing(),
}
_WRITES: dict[str, Callable[[Remote, Any], None]] = {
    "reset": reset,
    "fault": plan_faults,
    "clock": shift_clock,
    "settings": change_settings,
    "group": change_group,
    "token": change_token,
    "partner": change_partner,
    "engagement": set_engagement,
}
