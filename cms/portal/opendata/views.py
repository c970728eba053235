"""The addresses of the open data."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cms.portal import addresses as portal_addresses
from cms.portal import reading
from cms.portal.answering import respond
from cms.portal.cap import addresses as cap_addresses
from cms.portal.models import PublishedWarning
from cms.portal.opendata import addresses, lists, openapi, records, tables
from cms.portal.presentation import site_context
from cms.portal.views import public
from cms.portal.widget import addresses as widget_addresses


@public
def page(_request: HttpRequest) -> HttpResponse:
    """What there is, under which terms, and how to take it."""
    example = reading.listed().values_list("code", flat=True).first()
    context = site_context() | {
        "path": addresses.PAGE,
        "canonical": portal_addresses.absolute(addresses.PAGE),
        "section": "open_data",
        "data": addresses,
        "portal": portal_addresses,
        "cap_feed": cap_addresses.FEED,
        "widget_page": widget_addresses.GUIDE,
        "example": portal_addresses.absolute(addresses.warning(example or "CB-2026-00001")),
        "has_example": example is not None,
        "count": reading.listed().count(),
        "licence": settings.OPEN_DATA_LICENCE,
        "licence_url": settings.OPEN_DATA_LICENCE_URL,
    }
    return HttpResponse(render_to_string("portal/open_data.html", context))


@public
def newest(request: HttpRequest) -> HttpResponse:
    """The newest warnings."""
    return _json(request, lists.newest())


@public
def warning_page(request: HttpRequest, number: int) -> HttpResponse:
    """One page of all warnings."""
    return _json(request, lists.page(number))


@public
def warning(request: HttpRequest, code: str) -> HttpResponse:
    """One warning in full, or the notice that it was withdrawn."""
    found = PublishedWarning.objects.filter(code=code.upper()).first()
    return _json(request, None if found is None else records.full(found))


@public
def newest_changes(request: HttpRequest) -> HttpResponse:
    """The last changes."""
    return _json(request, lists.newest_changes())


@public
def changes_page(request: HttpRequest, number: int) -> HttpResponse:
    """One page of all changes."""
    return _json(request, lists.changes_page(number))


@public
def types(request: HttpRequest) -> HttpResponse:
    """The scam types."""
    return _json(request, lists.types())


@public
def audiences(request: HttpRequest) -> HttpResponse:
    """The audiences."""
    return _json(request, lists.audiences())


@public
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return _json(request, openapi.document())


@public
def everything(request: HttpRequest) -> HttpResponse:
    """Every warning in full as one file."""
    return _json(request, lists.everything())


@public
def table(request: HttpRequest) -> HttpResponse:
    """Every warning as a table."""
    return respond(request.path, tables.warnings_csv(), "text/csv; charset=utf-8")


def _json(request: HttpRequest, document: dict[str, Any] | None) -> HttpResponse:
    if document is None:
        raise Http404
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return respond(request.path, body, "application/json")
