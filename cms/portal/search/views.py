"""The search page, and the files the browser searches in when the server need not or cannot answer."""

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal import addresses, reading
from cms.portal.models import PublishedAudience
from cms.portal.presentation import card
from cms.portal.search import index, rows, standing
from cms.portal.search.filters import INTERNAL_AUDIENCES, parse_filters
from cms.portal.search.finding import find
from cms.portal.search.words import parse
from cms.portal.showing import page, public
from scam_warnings.enums import Severity

PER_PAGE: Final = 12
_NEWEST: Final = 200
"""Among so many warnings the choice of audiences is looked up."""


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """Search results, or what to do when there are none."""
    query = parse(request.GET.get("q", ""))
    filters = parse_filters(request.GET)
    number = _asked_number(request.GET.get("trang", ""))
    found = find(query, (number - 1) * PER_PAGE, PER_PAGE, filters)
    groups = reading.type_groups()
    response = page(
        "portal/search.html",
        {
            "query": query,
            "filters": filters,
            "asked": bool(query.words or filters),
            "found": found,
            "total": found.total,
            "warnings": [card(row) for row in found.warnings],
            "standing": standing.find(query.words) if number == 1 and not filters else [],
            "groups": groups,
            "audiences": _audiences(),
            "severities": Severity.choices,
            "newer": number - 1 if number > 1 else 0,
            "older": number + 1 if found.total > number * PER_PAGE else 0,
            "path": addresses.SEARCH,
            "section": "search",
        },
    )
    if request.META.get("QUERY_STRING"):
        # What a citizen looks for is nobody else's business: no cache between us keeps it.
        response.headers["Cache-Control"] = "private, no-store"
    return response


@public
def newest(_request: HttpRequest) -> HttpResponse:
    """The number of the newest warning."""
    return _json(rows.newest_file())


@public
def shard(_request: HttpRequest, name: str) -> HttpResponse:
    """Which warnings have the words of one shard."""
    return _json(index.shard_file(name))


@public
def facet(_request: HttpRequest, name: str) -> HttpResponse:
    """Which warnings a filter lets through."""
    return _json(index.facet_file(name))


@public
def vocabulary(_request: HttpRequest) -> HttpResponse:
    """The words of titles, against typing errors."""
    return _json(index.vocabulary_file())


@public
def results(_request: HttpRequest, block: int) -> HttpResponse:
    """What results show."""
    return _json(rows.rows_file(block))


@public
def fresh(_request: HttpRequest, block: int) -> HttpResponse:
    """Words and filters of a few warnings."""
    return _json(rows.words_file(block))


@public
def standing_pages(_request: HttpRequest) -> HttpResponse:
    """The pages that are no warnings."""
    return _json(standing.file())


def _json(content: dict[str, Any] | None) -> HttpResponse:
    if content is None:
        raise Http404
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json")


def _audiences() -> list[tuple[str, str]]:
    """(key, name) of the audiences of the newest warnings, as sealed in them."""
    newest = reading.listed().order_by("-pk").values("pk")[:_NEWEST]
    rows = PublishedAudience.objects.filter(warning__in=newest).exclude(key__in=INTERNAL_AUDIENCES)
    names = dict(rows.order_by("warning_id").values_list("key", "name"))
    return sorted(names.items(), key=lambda item: item[1])


def _asked_number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 5 and int(raw) else 1
