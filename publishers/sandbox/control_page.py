"""The control page: what the control API can do most often, as buttons for people."""

from __future__ import annotations

from html import escape
from typing import Any

from publishers.sandbox import control, strings, zalo_events
from publishers.sandbox.control import BadControl
from publishers.sandbox.faults import BadFault
from publishers.sandbox.frame import html
from publishers.sandbox.markup import local
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Group
from publishers.sandbox.wire import BadBody, Reply, Request
from publishers.sandbox.zalo_events import BadEvent

PATH = "/control"
RECENT = 15
_FEED = {"api": "graph", "method": "POST", "path": "/(feed|photos)$"}
_SEND = {"api": "zalo", "operation": "send_group_message"}
_HAND_OVER = {"api": "partner", "path": "/inbox$"}
FAULTS: dict[str, dict[str, Any]] = {
    "facebook_refuse": _FEED | {"mode": "refuse", "code": 100},
    "facebook_silent": _FEED | {"operation": "post_feed", "mode": "effect_then_timeout", "drop": True},
    "facebook_throttle": _FEED | {"mode": "refuse", "code": 32},
    "zalo_refuse": _SEND | {"mode": "refuse", "code": -201},
    "zalo_silent": _SEND | {"mode": "effect_then_timeout", "drop": True},
    "zalo_throttle": _SEND | {"mode": "refuse", "code": -32},
    "partner_refuse": _HAND_OVER | {"mode": "refuse", "status": 422},
    "partner_silent": _HAND_OVER | {"mode": "effect_then_error", "status": 500},
    "partner_throttle": _HAND_OVER | {"mode": "refuse", "status": 429, "retry_after": 10},
    "mail_refuse": {"api": "smtp", "operation": "rcpt", "mode": "refuse"},
    "mail_greylist": {"api": "smtp", "operation": "rcpt", "mode": "greylist"},
    "mail_drop": {"api": "smtp", "operation": "text", "mode": "effect_then_timeout", "drop": True},
    "mail_hang": {"api": "smtp", "operation": "text", "mode": "timeout_no_effect", "seconds": 20},
}
# Button → the event sent, and what changes in the world before. Zalo's documents name no event for an
# account that was put out of a group; a changed group is the nearest.
EVENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "message": ("user_send_group_text", {}),
    "echo": ("oa_send_group_text", {}),
    "leave": ("update_group_info", {"oa_member": False}),
    "delete": ("delete_group", {"status": "disabled"}),
    "restore": ("update_group_info", {"oa_member": True, "status": "enabled"}),
}


def run(remote: Remote, request: Request) -> Reply:
    """``POST /control``: do what a button says, then show the page again. Called without ``remote.lock``."""
    try:
        done = _do(remote, request.form)
    except (BadControl, BadFault, BadBody):
        done = "done=bad"
    with remote.lock:
        remote.save()
    return Reply(status=303, content_type=None, headers={"Location": f"{PATH}?{done}"})


def show(remote: Remote, request: Request) -> Reply:
    """``GET /control``; the caller holds ``remote.lock``."""
    body = (
        f'<main class="column"><h1>{strings.CONTROL}</h1><p class="intro">{strings.CONTROL_INTRO}</p>'
        f'<p class="crumb"><a href="/">← {strings.BACK_TO_INDEX}</a></p>{_told(request)}'
        f"{_events(remote)}{_faults(remote)}{_keys(remote)}{_calls(remote)}</main>"
    )
    reply = html(strings.CONTROL, body, "index control", form_action="'self'")
    # Without a referrer browsers say "null" for where a form came from, and the form would be refused.
    reply.headers["Referrer-Policy"] = "same-origin"
    return reply


def _do(remote: Remote, form: dict[str, str]) -> str:
    """Carry it out; the query with which the page tells of it. Raises BadControl or BadFault."""
    match form.get("do", ""):
        case "fault" if form.get("fault") in FAULTS:
            with remote.lock:
                control.plan_faults(remote, dict(FAULTS[form["fault"]]))
            return "done=fault"
        case "clear":
            with remote.lock:
                remote.faults.clear()
            return "done=clear"
        case "key":
            values = {name: form.get(name, "") for name in ("partner_id", "signing_key")}
            with remote.lock:
                control.change_partner(remote, values)
            return "done=key"
        case "event" if form.get("event") in EVENTS:
            return _send(remote, form["event"], form.get("group_id", ""))
    raise BadControl("unknown button")


def _send(remote: Remote, button: str, group_id: str) -> str:
    event, changes = EVENTS[button]
    if not remote.zalo_webhook_url:
        return "done=no_webhook"
    with remote.lock:
        control.change_group(remote, {"group_id": group_id, **changes})
    try:
        status = zalo_events.send(remote, {"event": event, "group_id": group_id})
    except BadEvent:
        return "done=no_echo" if button == "echo" else "done=bad"
    told = "event" if 200 <= status < 300 else "event_refused" if status else "event_silent"
    return f"done={told}&status={status}"


def _told(request: Request) -> str:
    text = strings.CONTROL_DONE.get(request.query.get("done", ""))
    if text is None:
        return ""
    status = request.query.get("status", "")
    shown = text.format(status=status if status.isascii() and status.isdigit() and len(status) == 3 else "")
    return f'<p class="told" role="status">{escape(shown)}</p>'


def _form(do: str, label: str, **fields: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )
    return (
        f'<form method="post" action="{PATH}"><input type="hidden" name="do" value="{do}">{hidden}'
        f'<button class="quiet">{escape(label)}</button></form>'
    )


def _events(remote: Remote) -> str:
    groups = "".join(
        f'<li><div class="row"><span><b>{escape(group.name)}</b><small>{_standing(group)}</small></span></div>'
        f'<div class="buttons">{_event_buttons(group)}</div></li>'
        for group in remote.state.groups.values()
    )
    intro = strings.CONTROL_EVENTS_INTRO if remote.zalo_webhook_url else strings.CONTROL_NO_WEBHOOK
    return (
        f'<section><h2>{strings.CONTROL_EVENTS}</h2><p class="intro">{intro}</p>'
        f'<ul class="card rows">{groups}</ul></section>'
    )


def _standing(group: Group) -> str:
    if group.status != "enabled":
        return strings.GROUP_DELETED
    return strings.GROUP_STANDS if group.oa_member else strings.GROUP_LEFT


def _event_buttons(group: Group) -> str:
    whole = group.status == "enabled" and group.oa_member
    names = ("message", "echo", "leave", "delete") if whole else ("restore",)
    return "".join(
        _form("event", strings.CONTROL_EVENT_BUTTONS[name], event=name, group_id=group.id) for name in names
    )


def _faults(remote: Remote) -> str:
    groups = "".join(
        f"<h3>{label}</h3><div class='buttons'>{_fault_buttons(prefix)}</div>"
        for prefix, label in strings.CONTROL_FAULT_GROUPS.items()
    )
    planned = "".join(
        f"<li><b>{escape(strings.APIS.get(row['api'], row['api']))}</b> {escape(_named(row))}"
        f" · {strings.CONTROL_FIRED.format(fired=row['fired'], times=row['times'] or '∞')}</li>"
        for row in remote.faults.listing()
    )
    waiting = ""
    if planned:
        clear = _form("clear", strings.CONTROL_CLEAR)
        waiting = f"<h3>{strings.CONTROL_PLANNED}</h3><ul>{planned}</ul><div class='buttons'>{clear}</div>"
    return (
        f'<section><h2>{strings.CONTROL_FAULTS}</h2><p class="intro">{strings.CONTROL_FAULTS_INTRO}</p>'
        f'<div class="card pad">{groups}{waiting}</div></section>'
    )


def _fault_buttons(prefix: str) -> str:
    return "".join(
        _form("fault", label, fault=name)
        for name, label in strings.CONTROL_FAULT_BUTTONS.items()
        if name.startswith(f"{prefix}_")
    )


def _named(row: dict[str, Any]) -> str:
    """The button that plans such a fault, or the words of the control API."""
    for name, fault in FAULTS.items():
        if all(row[key] == value for key, value in fault.items()):
            return strings.CONTROL_FAULT_BUTTONS[name]
    operation = strings.CONTROL_OPERATIONS.get(row["operation"], row["operation"])
    return f"{operation} {strings.CONTROL_MODES.get(row['mode'], row['mode'])}".strip()


def _keys(remote: Remote) -> str:
    forms = "".join(
        f'<form class="card pad" method="post" action="{PATH}"><b>{escape(partner.name)}</b>'
        f'<input type="hidden" name="do" value="key">'
        f'<input type="hidden" name="partner_id" value="{escape(partner.id)}">'
        f"<label>{strings.CONTROL_KEY_LABEL}"
        f'<input name="signing_key" required minlength="8" maxlength="500" autocomplete="off"></label>'
        f'<button class="quiet">{strings.CONTROL_KEY_SAVE}</button></form>'
        for partner in remote.state.partners.values()
    )
    return (
        f'<section><h2>{strings.CONTROL_KEY}</h2><p class="intro">{strings.CONTROL_KEY_INTRO}</p>'
        f"{forms}</section>"
    )


def _calls(remote: Remote) -> str:
    # The watch reads every minute: what was sent would be lost among it.
    sent = [row for row in reversed(remote.journal) if row.get("method") != "GET" or row["fault"]]
    rows = "".join(map(_call, sent[:RECENT]))
    if not rows:
        return (
            f"<section><h2>{strings.CONTROL_CALLS}</h2>"
            f'<p class="card empty">{strings.CONTROL_NO_CALLS}</p></section>'
        )
    head = "".join(f'<th scope="col">{name}</th>' for name in strings.CONTROL_COLUMNS)
    return (
        f"<section><h2>{strings.CONTROL_CALLS}</h2>"
        f'<div class="card scroll" tabindex="0" role="region" aria-label="{strings.CONTROL_CALLS}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _call(row: dict[str, Any]) -> str:
    status = str(row["status"]) if row["status"] else strings.CONTROL_NO_ANSWER
    cells = (
        local(row["time"]).strftime("%H:%M:%S"),
        strings.APIS.get(row["api"], row["api"]),
        strings.CONTROL_OPERATIONS.get(row["operation"], row["operation"]),
        status,
        strings.CONTROL_MODES.get(row["fault"], row["fault"]),
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
