"""The search page, and the files the browser searches in when the server need not or cannot answer."""

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal import addresses
from cms.portal.presentation import site_context
from cms.portal.search import index, rows, standing
from cms.portal.search.corpus import CORPORA, Corpus
from cms.portal.search.filters import parse_filters
from cms.portal.search.finding import find
from cms.portal.search.words import parse
from cms.portal.showing import page, public
from scam_warnings.enums import Severity

PER_PAGE: Final = 12


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """Search results, or what to do when there are none."""
    query = parse(request.GET.get("q", ""))
    filters = parse_filters(request.GET)
    number = _asked_number(request.GET.get("trang", ""))
    corpus = _corpus(request)
    found = find(query, (number - 1) * PER_PAGE, PER_PAGE, filters, corpus)
    response = page(
        "portal/search.html",
        site_context(language=corpus.language)
        | {
            "query": query,
            "filters": filters,
            "asked": bool(query.words or filters),
            "found": found,
            "total": found.total,
            "warnings": [corpus.card(row) for row in found.warnings],
            "standing": standing.find(query.words, corpus.language) if number == 1 and not filters else [],
            "groups": corpus.types(),
            "audiences": corpus.audiences(),
            "severities": Severity.choices,
            "newer": number - 1 if number > 1 else 0,
            "older": number + 1 if found.total > number * PER_PAGE else 0,
            "path": addresses.search(corpus.language),
            "alternates": addresses.alternates(addresses.SEARCH, addresses.ENGLISH_SEARCH),
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
def shard(request: HttpRequest, name: str) -> HttpResponse:
    """Which warnings have the words of one shard."""
    return _json(index.shard_file(name, _corpus(request)))


@public
def facet(request: HttpRequest, name: str) -> HttpResponse:
    """Which warnings a filter lets through."""
    return _json(index.facet_file(name, _corpus(request)))


@public
def vocabulary(request: HttpRequest) -> HttpResponse:
    """The words of titles, against typing errors."""
    return _json(index.vocabulary_file(_corpus(request)))


@public
def results(request: HttpRequest, block: int) -> HttpResponse:
    """What results show."""
    return _json(rows.rows_file(block, _corpus(request)))


@public
def fresh(request: HttpRequest, block: int) -> HttpResponse:
    """Words and filters of a few warnings."""
    return _json(rows.words_file(block, _corpus(request)))


@public
def standing_pages(request: HttpRequest) -> HttpResponse:
    """The pages that are no warnings."""
    return _json(standing.file(_corpus(request).language))


def _json(content: dict[str, Any] | None) -> HttpResponse:
    if content is None:
        raise Http404
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json")


def _corpus(request: HttpRequest) -> Corpus:
    return CORPORA[addresses.language_of(request.path)]


def _asked_number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 5 and int(raw) else 1
