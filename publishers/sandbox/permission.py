"""The consent page of Zalo's OAuth: GET shows it, POST grants and redirects."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from publishers.sandbox import strings, world
from publishers.sandbox.frame import html
from publishers.sandbox.remote import Remote
from publishers.sandbox.wire import BadBody, Reply, Request
from publishers.sandbox.zalo_errors import ZaloError
from publishers.sandbox.zalo_oauth import check_permission, grant

_KEPT = ("app_id", "redirect_uri", "code_challenge", "state")


def run(remote: Remote, request: Request) -> Reply:
    """``/v4/oa/permission``; the caller holds ``remote.lock``."""
    try:
        given = request.form if request.method == "POST" else request.query
        params = {key: given[key] for key in _KEPT if key in given}
        check_permission(params)
    except (ZaloError, BadBody) as error:
        return _refused(error.code if isinstance(error, ZaloError) else -14002)
    if request.method == "POST":
        return Reply(status=302, content_type=None, headers={"Location": grant(remote, params)})
    fields = "".join(
        f'<input type="hidden" name="{key}" value="{escape(value)}">' for key, value in params.items()
    )
    rights = "".join(f"<li>{right}</li>" for right in strings.PERMISSION_RIGHTS)
    body = (
        f'<main class="column"><div class="card consent"><h1>{strings.PERMISSION_TITLE}</h1>'
        f"<p>{strings.PERMISSION_INTRO} <b>{escape(world.ZALO_OA_NAME)}</b></p><ul>{rights}</ul>"
        f'<form method="post" action="{escape(request.path)}">{fields}'
        f"<button>{strings.PERMISSION_ALLOW}</button></form></div></main>"
    )
    # Browsers hold a form's redirect to form-action as well, so the way back must be named.
    back = urlsplit(params["redirect_uri"])
    return html(strings.PERMISSION_TITLE, body, "index", form_action=f"'self' {back.scheme}://{back.netloc}")


def _refused(code: int) -> Reply:
    body = (
        f'<main class="column"><div class="card empty"><h1>{strings.PERMISSION_REFUSED}</h1>'
        f"<p>{strings.PERMISSION_HINTS[code]}</p><p><small>{code}</small></p></div></main>"
    )
    return html(strings.PERMISSION_REFUSED, body, "index", status=400)
