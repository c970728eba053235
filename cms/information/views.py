"""The public pages of standing content, drawn from sealed editions."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.core.text import fold
from cms.information import law_search, presentation, reading
from cms.information.kinds import ENGLISH, FOLDERS, LANGUAGES, Kind, item_path, list_path
from cms.portal import addresses, menu
from cms.portal import reading as portal_reading
from cms.portal.presentation import english_card, site_context
from cms.portal.views import public

LEADS: dict[str, Promise] = {
    Kind.HANDBOOK: _(
        "How to stay safe online, what to do when something happened: short guides to keep and to pass on."
    ),
    Kind.RESULT: _(
        "What came of it: figures with their source, and people and places that others can learn from."
    ),
    Kind.COLLECTION: _("Warnings and advice put together for a season or a group of people."),
    Kind.LAW: _(
        "Laws, decrees and directives on network security, personal data and online scams that may be publicised."
    ),
}


@public
def item_list(_request: HttpRequest, kind: str, language: str = "vi") -> HttpResponse:
    """Everything public of one kind."""
    entries = reading.listed(kind, language)
    if language != "vi" and not entries:
        raise Http404
    return _page(
        "information/list.html",
        {
            "kind": kind,
            "heading": Kind(kind).label,
            "lead": LEADS[kind],
            "entries": entries,
            "path": list_path(kind, language),
            "section": kind,
            "alternates": _alternates({other: list_path(kind, other) for other in _spoken(kind)}),
        },
        language,
    )


@public
def item(_request: HttpRequest, kind: str, slug: str, language: str = "vi") -> HttpResponse:
    """One page, or the notice that it was withdrawn."""
    edition = reading.find(kind, slug)
    if edition is None or language not in edition.content:
        raise Http404
    return _page("information/page.html", presentation.context(edition, language), language)


@public
def laws(_request: HttpRequest) -> HttpResponse:
    """All documents of law, by year; the filter works in the browser too."""
    return _laws(law_search.Asked())


@public
def law_filter(request: HttpRequest) -> HttpResponse:
    """The documents that answer the form: for browsers that run no script."""
    response = _laws(law_search.read(request.GET))
    # What somebody looks for is nobody else's business.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@public
def english_home(_request: HttpRequest) -> HttpResponse:
    """The warnings in English, what this site is and where to turn."""
    lead, also, newest = portal_reading.home_warnings(portal_reading.in_english())
    return _page(
        "information/english.html",
        {
            "tasks": menu.Menu().shown(menu.Place.ENGLISH_TASK),
            "sections": [
                (Kind(kind).label, reading.listed(kind, ENGLISH))
                for kind in FOLDERS
                if reading.listed(kind, ENGLISH)
            ],
            "singles": [
                (said["title"], said["summary"], item_path(kind, "", ENGLISH))
                for kind in (Kind.ABOUT, Kind.ACCOUNTS, Kind.ACCESSIBILITY)
                if (said := _english(kind)) is not None
            ],
            "lead": english_card(lead) if lead else None,
            "also": [english_card(row) for row in also],
            "warnings": [english_card(row) for row in newest],
            **presentation.english_hotlines(lead),
            "path": addresses.ENGLISH,
            "alternates": _alternates({"vi": addresses.HOME, ENGLISH: addresses.ENGLISH}),
        },
        ENGLISH,
    )


def _laws(asked: law_search.Asked) -> HttpResponse:
    found = law_search.answering(reading.listed(Kind.LAW), asked)
    return _page(
        "information/laws.html",
        {
            "kind": Kind.LAW,
            "heading": Kind.LAW.label,
            "lead": LEADS[Kind.LAW],
            "entries": [(entry, fold(law_search.haystack(entry))) for entry in found],
            "asked": asked,
            "path": list_path(Kind.LAW),
            "section": Kind.LAW,
            "alternates": {},
        },
        "vi",
    )


def _english(kind: str) -> dict[str, Any] | None:
    edition = reading.find(kind, item_path(kind, "").strip("/"))
    if edition is None or edition.withdrawn:
        return None
    return edition.content.get(ENGLISH)


def _spoken(kind: str) -> list[str]:
    return [language for language in LANGUAGES if language == "vi" or reading.listed(kind, language)]


def _alternates(paths: dict[str, str]) -> dict[str, str]:
    """``hreflang`` with address; nothing for a page in one language."""
    return {name: addresses.absolute(path) for name, path in paths.items()} if len(paths) > 1 else {}


def _page(template: str, context: dict[str, Any], language: str) -> HttpResponse:
    # Without the request no context processor runs, so nothing can open the session.
    base = site_context() | context
    base["LANGUAGE_CODE"] = language
    base.setdefault("canonical", addresses.absolute(base["path"]))
    return HttpResponse(render_to_string(template, base))
