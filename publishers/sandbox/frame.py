"""What every page of the sandbox shares: the banner, strict headers, avatars, the links to further pages."""

from __future__ import annotations

from html import escape

from publishers.sandbox import strings, world
from publishers.sandbox.wire import Reply, Request

PER_PAGE = 20
_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action {}"
)


def html(title: str, body: str, kind: str, status: int = 200, form_action: str = "'none'") -> Reply:
    """A whole page with the test banner and strict headers."""
    document = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)} – {strings.SITE}</title>"
        f'<link rel="icon" href="/avatar/{world.ZALO_OA_ID}.png">'
        '<link rel="stylesheet" href="/site.css"></head>'
        f'<body class="{kind}"><p class="banner">{strings.BANNER}</p>{body}</body></html>'
    )
    headers = {
        "Content-Security-Policy": _POLICY.format(form_action),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Reply(status, document.encode(), "text/html; charset=utf-8", headers)


def not_found() -> Reply:
    """The 404 page."""
    body = (
        f'<main class="column"><div class="card empty"><h1>{strings.NOT_FOUND}</h1>'
        f"<p>{strings.NOT_FOUND_HINT}</p>"
        f'<p><a href="/">{strings.BACK_TO_INDEX}</a></p></div></main>'
    )
    return html(strings.NOT_FOUND, body, "index", status=404)


def asset(data: bytes, kind: str) -> Reply:
    """Bytes a page loads, kept by browsers for five minutes."""
    return Reply(
        200, data, kind, {"Cache-Control": "max-age=300", "Content-Security-Policy": "default-src 'none'"}
    )


def page_number(request: Request) -> int:
    """``?page=``, 1 for anything else."""
    text = request.query.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def avatar_tag(key: str, size: int) -> str:
    """The round picture of a page, group, account or partner."""
    return f'<img class="avatar" src="/avatar/{escape(key)}.png" alt="" width="{size}" height="{size}">'


def pager(number: int, total: int, newer: str, older: str, before: str = "") -> str:
    """Links to the pages before and after; empty when there is one page. ``before`` is kept of the query."""
    kept = f"{escape(before)}&amp;" if before else ""
    links = []
    if number > 1:
        links.append(f'<a href="?{kept}page={number - 1}">← {newer}</a>')
    if number * PER_PAGE < total:
        links.append(f'<a href="?{kept}page={number + 1}">{older} →</a>')
    return f'<nav class="pager">{"".join(links)}</nav>' if links else ""
