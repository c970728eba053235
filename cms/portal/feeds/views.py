"""The addresses of the feeds."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override

from cms.portal import addresses
from cms.portal.answering import respond
from cms.portal.feeds import formats
from cms.portal.feeds.entries import newest, newest_in_english
from cms.portal.models import PublishedWarning
from cms.portal.presentation import ENGLISH
from cms.portal.views import public

_WRITERS: dict[str, Callable[[formats.Feed], str]] = {
    "rss.xml": formats.rss,
    "atom.xml": formats.atom,
    "feed.json": formats.json_feed,
}


@public
def newest_feed(request: HttpRequest, ending: str) -> HttpResponse:
    """The newest warnings."""
    feed = formats.Feed(request.path, addresses.LIST, "", newest())
    return respond(request.path, _WRITERS[ending](feed))


@public
def english_feed(request: HttpRequest, ending: str) -> HttpResponse:
    """The newest warnings with an English version."""
    with override(ENGLISH):
        feed = formats.Feed(request.path, addresses.ENGLISH_LIST, "", newest_in_english(), ENGLISH)
        return respond(request.path, _WRITERS[ending](feed))


@public
def type_feed(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """The newest warnings of one scam type."""
    of_type = PublishedWarning.objects.filter(scam_type_key=key).order_by("-published_at")
    name = of_type.values_list("scam_type_name", flat=True).first()
    if name is None:
        raise Http404
    feed = formats.Feed(request.path, addresses.scam_type(key), name, newest(key))
    return respond(request.path, _WRITERS[ending](feed))
