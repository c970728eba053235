"""From a request to its reply: which API it is for, what the journal keeps of it, and the fault it meets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from publishers.sandbox import control, graph, pages, permission, zalo_oauth, zalo_openapi
from publishers.sandbox.faults import Fault
from publishers.sandbox.graph_publish import MAX_PHOTO
from publishers.sandbox.images import fetch_local
from publishers.sandbox.remote import Remote
from publishers.sandbox.wire import BadBody, FilePart, Reply, Request
from publishers.sandbox.zalo_errors import oauth_error, openapi_error

MASK = "***"
KEPT_CHARACTERS = 4_000
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


def answer(remote: Remote, request: Request) -> Reply:
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
    with remote.lock:
        if path.startswith(control.PREFIX):
            reply = control.run(remote, request)
            remote.save()
            return reply
        return pages.run(remote, request) if request.method in ("GET", "HEAD") else pages.not_found()


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
        remote.stopping.wait(fault.seconds)
    done = act() if fault.acts else None
    match fault.mode:
        case "refuse" | "effect_then_error":
            return done if done is not None and done.refused else _planned_error(remote, api, fault)
        case "effect_then_timeout" | "timeout_no_effect":
            if not fault.drop:
                remote.stopping.wait(fault.seconds)
            return Reply(drop=True)
        case "html_502":
            return Reply(502, _BAD_GATEWAY, "text/html")
        case "empty_200":
            return Reply(200, b"")
        case "bad_json":
            whole = done.body if done is not None else b'{"data": {"id": "12345"}}'
            return Reply(200, whole[: max(1, len(whole) * 2 // 3)])
        case "slow" if not late:
            remote.stopping.wait(fault.seconds)
    return _disfigure(remote, fault.mode, done if done is not None else Reply(200, b"{}"))


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
    elif mode == "error_as_string":
        reply.body = re.sub(rb'"error": (-?\d+)', rb'"error": "\1"', reply.body, count=1)
    return reply


def _planned_error(remote: Remote, api: str, fault: Fault) -> Reply:
    if api == "graph":
        default = 100 if fault.mode == "refuse" else 2
        code = default if fault.code is None else fault.code
        with remote.lock:
            reply = graph.error_reply(remote, code, fault.subcode, fault.message, fault.status)
            graph.decorate(remote, reply)
        return reply
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
        entry["json"] = {
            key: MASK if key.lower() in _SECRETS else value for key, value in entry["json"].items()
        }
    return entry


def _masked(fields: dict[str, str]) -> dict[str, str]:
    return {
        key: MASK if key.lower() in _SECRETS else value[:KEPT_CHARACTERS] for key, value in fields.items()
    }
