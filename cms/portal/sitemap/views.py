"""The addresses search engines ask first."""

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal import addresses
from cms.portal.sitemap import files
from cms.portal.views import public

_XML = "application/xml"


@public
def index(_request: HttpRequest) -> HttpResponse:
    """Which files there are."""
    return HttpResponse(files.index(), content_type=_XML)


@public
def pages(_request: HttpRequest) -> HttpResponse:
    """Pages that are no warnings."""
    return HttpResponse(files.pages(), content_type=_XML)


@public
def warnings(_request: HttpRequest, number: int) -> HttpResponse:
    """One file of warnings."""
    body = files.warnings_of(number)
    if body is None:
        raise Http404
    return HttpResponse(body, content_type=_XML)


@public
def robots(_request: HttpRequest) -> HttpResponse:
    """What search engines may visit."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        # The page itself may be found; what somebody searched for is no page.
        f"Disallow: {addresses.SEARCH}?",
        f"Disallow: {addresses.ENGLISH_SEARCH}?",
        f"Sitemap: {addresses.absolute(addresses.SITEMAP)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
