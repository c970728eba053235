"""The English pages of warnings, drawn from the same sealed snapshot by the same templates."""

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal import addresses, reading
from cms.portal.presentation import ENGLISH, english_card, site_context
from cms.portal.showing import page as _page
from cms.portal.showing import public
from cms.portal.views import numbered, warning_page


@public
def warning_list(_request: HttpRequest, number: int = 1) -> HttpResponse:
    """All warnings with an English version, newest first."""
    page = numbered(reading.in_english(), number)
    return _page(
        "portal/english_list.html",
        site_context(language=ENGLISH)
        | {
            "page": page,
            "warnings": [english_card(row) for row in page.object_list],
            "newer": addresses.english_list_page(number - 1) if page.has_previous() else "",
            "older": addresses.english_list_page(number + 1) if page.has_next() else "",
            "path": addresses.english_list_page(number),
            "alternates": addresses.alternates(addresses.LIST, addresses.ENGLISH_LIST) if number == 1 else {},
            "section": "list",
        },
    )


@public
def warning(_request: HttpRequest, slug: str) -> HttpResponse:
    """One warning in English, or the notice that its present version has no English."""
    found, related = reading.with_related(slug, english=True)
    if found is None or not found.english_path:
        raise Http404
    if not found.is_in_english:
        return _page(
            "portal/english_before.html",
            site_context(language=ENGLISH)
            | {
                "title": found.title,
                "url": found.path,
                "updated_at": found.updated_at,
                "is_withdrawn": found.is_withdrawn,
                "path": found.english_path,
                "switch_to": found.path,
            },
        )
    return warning_page(found, related, english=True)
