"""The address of the picture."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from cms.portal.sharing.picture import drawn, name_of, spec_of
from cms.portal.showing import public
from scam_warnings.agency import AgencySettings


@public
def show(_request: HttpRequest, name: str) -> HttpResponse:
    """A picture; 404 under every name but today's, so that the file of an earlier one goes."""
    agency = AgencySettings.load()
    for language, _language_name in settings.LANGUAGES:
        spec = spec_of(agency, language)
        if name == name_of(spec):
            return HttpResponse(drawn(spec), content_type="image/jpeg")
    raise Http404
