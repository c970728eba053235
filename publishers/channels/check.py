"""«Kiểm tra kết nối»: whether a channel answers, and under which name we speak there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from publishers import services
from publishers.centre.access import require
from publishers.contracts import PublishError
from publishers.models import Channel


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One harmless call, and what came of it."""
    require(request, "publishers.change_channel")
    channel = get_object_or_404(Channel, pk=pk)
    back = get_valid_next_url_from_request(request) or reverse("publishers_channels:index")
    tell(request, channel)
    return redirect(back)


def tell(request: HttpRequest, channel: Channel) -> None:
    """Check ``channel`` and say what came of it on the next page."""
    try:
        identity = services.check_channel(channel)
    except PublishError as error:
        messages.error(request, f"{channel}: {error.sentence}")
    else:
        messages.success(
            request,
            _("“%(channel)s” works: it speaks as “%(name)s”.") % {"channel": channel, "name": identity.name},
        )
