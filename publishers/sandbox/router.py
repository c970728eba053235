"""From a request to its reply: which API it is for, what the journal keeps of it, and the fault it meets."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from publishers.sandbox import (
    control,
    control_page,
    graph,
    pages,
    partner,
    permission,
    zalo_events,
    zalo_oauth,
    zalo_openapi,
)
from publishers.sandbox.faults import Fault
from publishers.sandbox.frame import not_found
from publishers.sandbox.graph_publish import MAX_PHOTO
from publishers.sandbox.images import fetch_local
from publishers.sandbox.remote import Remote
from publishers.sandbox.wire import BadBody, FilePart, Reply, Request
from publishers.sandbox.zalo_errors import oauth_error, openapi_error

MASK = "***"
KEPT_CHARACTERS = 4_000
POLL = 0.01
TRICKLE = 0.05
"""Seconds between two bytes of a reply that trickles in."""
OVERSIZE = 6 * 1024 * 1024
_SECRETS = {
    "access_token",
    "appsecret_proof",
    "authorization",
    "client_secret",
    "code",
    "code_verifier",
    "cookie",
    "fb_exchange_token",
    "input_token",
    "refresh_token",
    "secret_key",
}
_BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    b"</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
_TOO_MANY = b"<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>\n"
_ID = re.compile(rb'("(?:id|post_id|message_id|group_id|attachment_id)": )"[^"]*"')


def answer(remote: Remote, request: Request) -> Reply:  # noqa: PLR0911 - one return per kind of address
    """The reply to any request."""
    path = request.path
    if path.startswith(graph.PREFIX):
        with remote.lock:
            target = graph.find(remote, request)
        return _api(remote, request, "graph", target.operation, lambda: _graph(remote, request, target))
    if path == zalo_oauth.PREFIX + "v4/oa/access_token" and request.method == "POST":
        return _api(remote, request, "zalo_oauth", "access_token", lambda: zalo_oauth.run(remote, request))
    if path == zalo_oauth.PREFIX + "v4/oa/permission" and request.method in ("GET", "POST"):
        return _api(remote, request, "zalo_oauth", "permission", lambda: permission.run(remote, request))
    if path.startswith((zalo_openapi.PREFIX + "v2.0/", zalo_openapi.PREFIX + "v3.0/")):
        operation = zalo_openapi.find(request)
        return _api(remote, request, "zalo", operation, lambda: zalo_openapi.run(remote, request))
    if partner.is_inbox(request):
        operation = partner.operation_of(request)
        return _api(remote, request, "partner", operation, lambda: partner.run(remote, request))
    if request.method == "POST" and path in (zalo_events.CONTROL_PATH, control_page.PATH):
        # Without the lock: the CMS that takes an event may ask the sandbox before it answers.
        if control.is_foreign(remote, request):
            return control.refusal()
        return (zalo_events if path == zalo_events.CONTROL_PATH else control_page).run(remote, request)
    with remote.lock:
        if path.startswith(control.PREFIX):
            reply = control.run(remote, request)
            remote.save()
            return reply
        return pages.run(remote, request) if request.method in ("GET", "HEAD") else not_found()


def _graph(remote: Remote, request: Request, target: graph.Target) -> Reply:
    reply = graph.run(remote, request, target)
    graph.decorate(remote, reply)
    return reply


def _api(remote: Remote, request: Request, api: str, operation: str, run: Callable[[], Reply]) -> Reply:
    with remote.lock:
        fault = remote.faults.take(api, operation, request.method, request.path)
        entry = _entry(remote, request, api, operation)
        remote.journal.append(entry)

    def act() -> Reply:
        if operation == "post_photo":
            _fetch_photo(request)
        with remote.lock:
            reply = run()
            remote.save()
            return reply

    reply = act() if fault is None else _play(remote, request, api, fault, act)
    entry["fault"] = fault.mode if fault else ""
    entry["status"] = 0 if reply.drop else reply.status
    return reply


def _play(remote: Remote, request: Request, api: str, fault: Fault, act: Callable[[], Reply]) -> Reply:
    request.visible_after = fault.hides_for
    late = fault.mode == "slow" and fault.late
    if late:
        _wait(remote, request, fault)
    done = act() if fault.acts else None
    match fault.mode:
        case "refuse" | "effect_then_error":
            return done if done is not None and done.refused else _planned_error(remote, api, fault)
        case "effect_then_timeout" | "timeout_no_effect":
            if not fault.drop:
                _wait(remote, request, fault)
            return Reply(drop=True)
        case "slow" if not late:
            _wait(remote, request, fault)
    instead = _instead(remote, fault, done)
    return instead or _disfigure(remote, fault.mode, done if done is not None else Reply(200, b"{}"))


def _instead(remote: Remote, fault: Fault, done: Reply | None) -> Reply | None:
    """What is said in place of the platform's own reply, if anything is."""
    if fault.mode == "bad_json":
        whole = done.body if done is not None else b'{"data": {"id": "12345"}}'
        return Reply(200, whole[: max(1, len(whole) * 2 // 3)])
    retry_after = {"Retry-After": str(fault.retry_after or 7)}
    return {
        "html_502": Reply(502, _BAD_GATEWAY, "text/html"),
        "page_429": Reply(429, _TOO_MANY, "text/html", retry_after),
        "redirect": Reply(307, headers={"Location": f"{remote.base_url}{graph.PREFIX}v25.0/elsewhere"}),
        "empty_200": Reply(),
        "empty_object": Reply(body=b"{}"),
    }.get(fault.mode)


def _wait(remote: Remote, request: Request, fault: Fault) -> None:
    """Let ``fault.seconds`` pass; with ``until_hangup`` no longer than the caller waits."""
    end = time.monotonic() + fault.seconds
    while (left := end - time.monotonic()) > 0:
        if remote.stopping.wait(min(left, POLL) if fault.until_hangup else left):
            return
        if fault.until_hangup and request.hung_up():
            return


def _disfigure(remote: Remote, mode: str, reply: Reply) -> Reply:
    if mode in ("usage_header_unknown_key", "usage_header_list"):
        as_list = mode == "usage_header_list"
        with remote.lock:
            graph.decorate(remote, reply, extra_key=not as_list, as_list=as_list)
    elif mode == "no_content_type":
        reply.content_type = None
    elif mode == "text_javascript":
        reply.content_type = "text/javascript; charset=UTF-8"
    elif mode == "body_true":
        reply.body = b"true"
    elif mode == "trickle":
        reply.pause = TRICKLE
    elif mode == "half_body":
        reply.cut = True
    elif mode == "oversize":
        reply.body = b'{"padding": "' + b"x" * OVERSIZE + b'", ' + reply.body.lstrip()[1:]
    elif mode == "wrong_id":
        reply.body = _ID.sub(rb'\1"../<b>?"', reply.body)
    elif mode == "error_as_string":
        reply.body = re.sub(rb'"error": (-?\d+)', rb'"error": "\1"', reply.body, count=1)
    return reply


def _planned_error(remote: Remote, api: str, fault: Fault) -> Reply:
    reply = _error(remote, api, fault)
    if fault.retry_after:
        reply.headers["Retry-After"] = str(fault.retry_after)
    return reply


def _error(remote: Remote, api: str, fault: Fault) -> Reply:
    if api == "graph":
        default = 100 if fault.mode == "refuse" else 2
        code = default if fault.code is None else fault.code
        with remote.lock:
            reply = graph.error_reply(remote, code, fault.subcode, fault.message, fault.status)
            graph.decorate(remote, reply)
        return reply
    if api == "partner":
        status = fault.status or (422 if fault.mode == "refuse" else 500)
        return partner.error_reply(status, fault.message)
    if api == "zalo":
        reply = openapi_error(-200 if fault.code is None else fault.code, fault.message)
    else:
        reply = oauth_error(-14014 if fault.code is None else fault.code, as_string=False)
    reply.status = fault.status or reply.status
    return reply


def _fetch_photo(request: Request) -> None:
    try:
        url = request.form.get("url") or request.query.get("url")
        if url and "source" not in request.files:
            data = fetch_local(url, MAX_PHOTO)
            if data is not None:
                request.files["source"] = FilePart("url", "", data)
    except BadBody:
        return


def _entry(remote: Remote, request: Request, api: str, operation: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "time": remote.now(),
        "api": api,
        "operation": operation,
        "method": request.method,
        "path": request.path,
        "query": _masked(request.query),
        "headers": _masked(request.headers),
        "fault": "",
        "status": None,
    }
    try:
        entry["form"] = _masked(request.form)
        entry["files"] = {
            name: {"name": part.name, "content_type": part.content_type, "bytes": len(part.data)}
            for name, part in request.files.items()
        }
        entry["json"] = request.json if "json" in request.content_type else None
    except BadBody as error:
        entry["bad_body"] = str(error)
    if isinstance(entry.get("json"), dict):
        # Without what a partner gets of the whole warning: a thousand of them would fill the memory.
        entry["json"] = {
            key: MASK if key.lower() in _SECRETS else value
            for key, value in entry["json"].items()
            if key != "warning"
        }
    return entry


def _masked(fields: dict[str, str]) -> dict[str, str]:
    return {
        key: MASK if key.lower() in _SECRETS else value[:KEPT_CHARACTERS] for key, value in fields.items()
    }
