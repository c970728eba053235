"""The deliveries of one warning, beside its editor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from wagtail.admin.utils import get_valid_next_url_from_request

from publishers import panel
from publishers.centre.access import require_view
from scam_warnings.models import ScamWarningPage


@require_GET
@never_cache
def deliveries(request: HttpRequest, page_id: int) -> HttpResponse:
    """The panel of one warning, as a fragment to refresh it with."""
    require_view(request)
    get_object_or_404(ScamWarningPage, pk=page_id)
    back = get_valid_next_url_from_request(request) or reverse("publishers:deliveries")
    return render(request, "publishers/deliveries_panel.html", panel.context(page_id, request.user, back))
