"""The public pages. Baked from here, and answered from here when no finished file is at hand.

No view touches the session, so no page sets or varies on a cookie.
"""

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.db import Error as DatabaseError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.portal import addresses, feeds, reading, search
from cms.portal.headers import PAGE_LIFETIME, page_cache_control
from cms.portal.models import PublishedWarning
from cms.portal.presentation import card, contacts, site_context, warning_context

PER_PAGE: Final = 12
_FAVICON = Path(__file__).parent / "static" / "portal" / "favicon.ico"
_WARNING_PATH = re.compile(rf"canh-bao/({addresses.SLUG_PATTERN})/?")
_LAST_RESORT = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Có lỗi xảy ra</title>'
    "<h1>Có lỗi xảy ra, vui lòng thử lại</h1><p>Khẩn cấp: gọi 113.</p>"
)

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A read-only page in the portal's language, cacheable for a short time by anybody."""

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", page_cache_control())
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return wrapper


@public
def home(_request: HttpRequest) -> HttpResponse:
    """The newest urgent warning, what to do at once, the newest warnings, the scam types."""
    lead, newest = reading.home_warnings()
    return _page(
        "portal/home.html",
        {
            "lead": card(lead) if lead else None,
            "hotlines": contacts(lead.content().hotlines) if lead else [],
            "warnings": [card(row) for row in newest],
            "groups": reading.type_groups(),
            "path": addresses.HOME,
        },
    )


@public
def warning_list(_request: HttpRequest, number: int = 1) -> HttpResponse:
    """All warnings, newest first."""
    page = _numbered(reading.listed(), number)
    return _page(
        "portal/list.html",
        {
            "page": page,
            "warnings": [card(row) for row in page.object_list],
            "newer": addresses.list_page(number - 1) if page.has_previous() else "",
            "older": addresses.list_page(number + 1) if page.has_next() else "",
            "path": addresses.list_page(number),
            "section": "list",
        },
    )


@public
def warning(_request: HttpRequest, slug: str) -> HttpResponse:
    """One warning."""
    found, related = reading.with_related(slug)
    if found is None:
        raise Http404
    return _page(
        "portal/warning.html",
        warning_context(
            found.content(),
            published_at=found.published_at,
            updated_at=found.updated_at,
            state=found.state,
            note=found.note,
            corrections=reading.corrections_of(found),
            related=related,
        ),
    )


@public
def types(_request: HttpRequest) -> HttpResponse:
    """The scam types in their groups."""
    return _page(
        "portal/types.html", {"groups": reading.type_groups(), "path": addresses.TYPES, "section": "types"}
    )


@public
def type_list(_request: HttpRequest, key: str, number: int = 1) -> HttpResponse:
    """The warnings of one scam type."""
    page = _numbered(reading.listed().filter(scam_type_key=key), number)
    if not page.object_list:
        raise Http404
    newest = page.object_list[0]
    return _page(
        "portal/type.html",
        {
            "page": page,
            "type_name": newest.scam_type_name,
            "group_name": newest.group_name,
            "official_no": newest.scam_type_official_no,
            "warnings": [card(row) for row in page.object_list],
            "newer": addresses.scam_type(key, number - 1) if page.has_previous() else "",
            "older": addresses.scam_type(key, number + 1) if page.has_next() else "",
            "path": addresses.scam_type(key, number),
            "section": "types",
        },
    )


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """Search results, or what to do when there are none."""
    query = search.parse(request.GET.get("q", ""))
    number = _asked_number(request.GET.get("trang", ""))
    found = search.find(query, (number - 1) * PER_PAGE, PER_PAGE)
    response = _page(
        "portal/search.html",
        {
            "query": query,
            "total": found.total,
            "warnings": [card(row) for row in found.warnings],
            "groups": reading.type_groups() if not found.total else [],
            "newer": number - 1 if number > 1 else 0,
            "older": number + 1 if found.total > number * PER_PAGE else 0,
            "path": addresses.SEARCH,
            "section": "search",
        },
    )
    # What a citizen looks for is nobody else's business: no cache between us keeps it.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@public
def short_link(_request: HttpRequest, code: str) -> HttpResponse:
    """From the reference code on paper, in an SMS or in a QR code to the warning as it stands today."""
    slug = (
        PublishedWarning.objects.filter(code=code.upper().split(".")[0])
        .values_list("slug", flat=True)
        .first()
    )
    if slug is None:
        raise Http404
    response = HttpResponseRedirect(addresses.warning(slug))
    response.headers["Cache-Control"] = f"public, max-age={PAGE_LIFETIME}"
    return response


@public
def sitemap(_request: HttpRequest) -> HttpResponse:
    """Addresses for search engines."""
    rows = list(reading.listed().values_list("slug", "updated_at", "scam_type_key")[:40_000])
    body = render_to_string(
        "portal/sitemap.xml",
        {
            "fixed": [addresses.absolute(path) for path in (addresses.HOME, addresses.LIST, addresses.TYPES)],
            "types": [
                addresses.absolute(addresses.scam_type(key)) for key in sorted({row[2] for row in rows})
            ],
            "warnings": [
                (addresses.absolute(addresses.warning(slug)), updated) for slug, updated, _key in rows
            ],
        },
    )
    return HttpResponse(body, content_type="application/xml")


@public
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may visit."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Disallow: {addresses.SEARCH}",
        f"Sitemap: {addresses.absolute(addresses.SITEMAP)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
def rss(_request: HttpRequest) -> HttpResponse:
    """The newest warnings as RSS 2.0."""
    return HttpResponse(feeds.rss(), content_type="application/rss+xml; charset=utf-8")


@public
def atom(_request: HttpRequest) -> HttpResponse:
    """The newest warnings as Atom 1.0."""
    return HttpResponse(feeds.atom(), content_type="application/atom+xml; charset=utf-8")


@public
def favicon(_request: HttpRequest) -> HttpResponse:
    """The icon browsers ask for without being told."""
    return HttpResponse(_FAVICON.read_bytes(), content_type="image/x-icon")


def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    """The address Wagtail gives a page: only what an approved release made public answers."""
    match = _WARNING_PATH.fullmatch(path)
    if match is None:
        raise Http404
    return warning(request, match[1])


def not_found(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: what happened and where to go from here."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            site = site_context()
        except DatabaseError:
            site = {"emergency": "113", "LANGUAGE_CODE": settings.LANGUAGE_CODE}
        response = HttpResponse(render_to_string("404.html", site), status=404)
    response.headers["Cache-Control"] = "public, max-age=10"
    return response


def server_error(_request: HttpRequest) -> HttpResponse:
    """500, without asking the database anything."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            body: str = render_to_string(
                "500.html", {"emergency": "113", "LANGUAGE_CODE": settings.LANGUAGE_CODE}
            )
        except Exception:
            body = _LAST_RESORT
    return HttpResponse(body, status=500, headers={"Cache-Control": "no-store"})


def _page(template: str, context: dict[str, Any]) -> HttpResponse:
    # Without the request no context processor runs, so nothing can open the session.
    base = context if "agency" in context else site_context() | context
    base.setdefault("canonical", addresses.absolute(base["path"]))
    return HttpResponse(render_to_string(template, base))


def _numbered(rows: QuerySet[PublishedWarning], number: int) -> ResultPage[PublishedWarning]:
    paginator = Paginator(rows, PER_PAGE)
    if not 1 <= number <= paginator.num_pages:
        raise Http404(_("There is no such page."))
    page = paginator.page(number)
    page.object_list = list(page.object_list)
    return page


def _asked_number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 5 and int(raw) else 1
