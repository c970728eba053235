"""The public pages. Baked from here, and answered from here when no finished file is at hand.

No view touches the session, so no page sets or varies on a cookie.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

from django.conf import settings
from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.db import Error as DatabaseError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from cms.portal import addresses, audiences, library, menu, reading, sampler, structured
from cms.portal.headers import PAGE_LIFETIME
from cms.portal.models import PublishedWarning
from cms.portal.presentation import card, contacts, log_line, site_context, warning_context
from cms.portal.showing import page as _page
from cms.portal.showing import public

TASKS_ON_HOME: Final = 4
_FAVICON = Path(__file__).parent / "static" / "portal" / "favicon.ico"
_WARNING_PATH = re.compile(rf"canh-bao/({addresses.SLUG_PATTERN})/?")
_LAST_RESORT = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Có lỗi xảy ra</title>'
    "<h1>Có lỗi xảy ra, vui lòng thử lại</h1><p>Khẩn cấp: gọi 113.</p>"
)

Row = TypeVar("Row", bound=Model)


@public
def home(_request: HttpRequest) -> HttpResponse:
    """The urgent warnings, what to do at once, the newest warnings, the commonest scam types."""
    lead, also, newest = reading.home_warnings()
    groups = reading.type_groups()
    site = site_context()
    return _page(
        "portal/home.html",
        site
        | {
            "lead": card(lead) if lead else None,
            "also": [card(row) for row in also],
            "hotlines": contacts(lead.content().hotlines) if lead else [],
            "warnings": [card(row) for row in newest],
            "tasks": site["menu"].shown(menu.Place.TASK)[:TASKS_ON_HOME],
            "commonest": reading.commonest(groups),
            "groups": groups,
            "audiences": audiences.entries(),
            "structured": structured.site(site["agency"], _("Scam warnings")),
            "path": addresses.HOME,
            "alternates": addresses.alternates(addresses.HOME, addresses.ENGLISH),
        },
    )


@public
def warning_list(_request: HttpRequest, number: int = 1) -> HttpResponse:
    """All warnings, newest first."""
    page = numbered(reading.listed(), number)
    return _page(
        "portal/list.html",
        {
            "page": page,
            "warnings": [card(row) for row in page.object_list],
            "newer": addresses.list_page(number - 1) if page.has_previous() else "",
            "older": addresses.list_page(number + 1) if page.has_next() else "",
            "path": addresses.list_page(number),
            "alternates": addresses.alternates(addresses.LIST, addresses.ENGLISH_LIST) if number == 1 else {},
            "section": "list",
        },
    )


@public
def warning(_request: HttpRequest, slug: str) -> HttpResponse:
    """One warning."""
    found, related = reading.with_related(slug)
    if found is None:
        raise Http404
    return warning_page(found, related)


def warning_page(
    found: PublishedWarning, related: Iterable[PublishedWarning], *, english: bool = False
) -> HttpResponse:
    """The page of ``found``, in English where it is asked for and there is any."""
    versions = reading.versions_of(found)
    return _page(
        "portal/warning.html",
        warning_context(
            found.content(),
            published_at=found.published_at,
            updated_at=found.updated_at,
            state=found.state,
            note=found.note,
            versions=versions,
            corrections=reading.corrections_of(versions),
            related=related,
            english=english,
        ),
    )


@public
def types(_request: HttpRequest) -> HttpResponse:
    """The scam library: every type in its group."""
    return _page(
        "portal/types.html", {"groups": library.groups(), "path": addresses.TYPES, "section": "types"}
    )


@public
def type_list(_request: HttpRequest, key: str, number: int = 1) -> HttpResponse:
    """One scam type: what it is, how to tell, what to do, and its warnings."""
    page = numbered(reading.listed().filter(scam_type_key=key), number)
    told = library.explanation(key)
    if told is None:
        told = library.named_by(list(page.object_list))
    if told is None:
        raise Http404
    return _page(
        "portal/type.html",
        {
            "page": page,
            "type_name": told.name,
            "group_name": told.group_name,
            "official_no": told.official_no,
            "explained": told if number == 1 else None,
            "warnings": [card(row) for row in page.object_list],
            "newer": addresses.scam_type(key, number - 1) if page.has_previous() else "",
            "older": addresses.scam_type(key, number + 1) if page.has_next() else "",
            "path": addresses.scam_type(key, number),
            "section": "types",
        },
    )


@public
def audience_index(_request: HttpRequest) -> HttpResponse:
    """For whom there are warnings."""
    return _page(
        "portal/audiences.html",
        {"audiences": audiences.entries(), "path": addresses.AUDIENCES, "section": "audiences"},
    )


@public
def audience_list(_request: HttpRequest, key: str, number: int = 1) -> HttpResponse:
    """The newest warnings for one audience; in large print where it is made for that."""
    page = numbered(audiences.newest(key), number)
    if not page.object_list:
        raise Http404
    return _page(
        "portal/audience.html",
        {
            "page": page,
            "audience_name": audiences.name(key),
            "is_large_print": key in audiences.LARGE_PRINT,
            "root_class": "large-print" if key in audiences.LARGE_PRINT else "",
            "warnings": [card(row) for row in page.object_list],
            "newer": addresses.audience(key, number - 1) if page.has_previous() else "",
            "older": addresses.audience(key, number + 1) if page.has_next() else "",
            "path": addresses.audience(key, number),
            "section": "audiences",
        },
    )


@public
def components(_request: HttpRequest) -> HttpResponse:
    """Every component of the portal's pages in every state, with made-up words."""
    return _page("portal/components.html", sampler.context() | {"path": addresses.COMPONENTS})


@public
def corrections(_request: HttpRequest, number: int = 1) -> HttpResponse:
    """The log of corrections and withdrawals, newest first."""
    page = numbered(reading.logged(), number)
    return _page(
        "portal/corrections.html",
        {
            "page": page,
            "lines": [log_line(release) for release in page.object_list],
            "newer": addresses.corrections_page(number - 1) if page.has_previous() else "",
            "older": addresses.corrections_page(number + 1) if page.has_next() else "",
            "path": addresses.corrections_page(number),
            "section": "corrections",
        },
    )


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


def numbered(rows: QuerySet[Row], number: int) -> ResultPage[Row]:
    """Page ``number`` of ``rows``, read. Raises Http404 when there is no such page."""
    paginator = Paginator(rows, reading.PER_PAGE)
    if not 1 <= number <= paginator.num_pages:
        raise Http404(_("There is no such page."))
    page = paginator.page(number)
    page.object_list = list(page.object_list)
    return page
