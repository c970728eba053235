"""The addresses of the CAP messages."""

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal.answering import respond
from cms.portal.cap import feed, message
from cms.portal.models import PublishedWarning
from cms.portal.views import public


@public
def newest(request: HttpRequest) -> HttpResponse:
    """The messages that came last."""
    return respond(request.path, feed.newest())


@public
def warning(request: HttpRequest, code: str) -> HttpResponse:
    """The message that holds today for one warning."""
    rows = PublishedWarning.objects.select_related("release", "page__unit")
    found = rows.filter(code=code.upper()).first()
    if found is None:
        raise Http404
    return respond(request.path, message.document(found))
