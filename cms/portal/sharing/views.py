"""The address of the picture."""

from django.http import Http404, HttpRequest, HttpResponse

from cms.portal.sharing.picture import drawn, name_of, spec_of
from cms.portal.showing import public
from scam_warnings.agency import AgencySettings


@public
def show(_request: HttpRequest, name: str) -> HttpResponse:
    """The picture; 404 under every name but today's, so that the file of an earlier one goes."""
    spec = spec_of(AgencySettings.load())
    if name != name_of(spec):
        raise Http404
    return HttpResponse(drawn(spec), content_type="image/jpeg")
