"""What stands in the frame, and the page that gives the line to copy."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _

from cms.portal import addresses, reading
from cms.portal.headers import framed
from cms.portal.presentation import card, site_context
from cms.portal.views import public
from cms.portal.widget.addresses import GUIDE, WIDGET
from scam_warnings.agency import AgencySettings

SHOWN: Final = 5
HEIGHT: Final = 640
"""Pixels that five warnings need on a phone."""


@framed
@public
def widget(request: HttpRequest, key: str = "") -> HttpResponse:
    """The newest warnings: of all types, or of one."""
    rows = reading.listed()
    if key:
        rows = rows.filter(scam_type_key=key)
    warnings = list(rows[:SHOWN])
    if key and not warnings:
        raise Http404
    context = site_context() | {
        "warnings": [card(row) for row in warnings],
        "type_name": warnings[0].scam_type_name if key else "",
        "more": addresses.absolute(addresses.scam_type(key) if key else addresses.LIST),
    }
    return HttpResponse(render_to_string("portal/widget.html", context))


@public
def guide(_request: HttpRequest) -> HttpResponse:
    """How another site shows the warnings."""
    types = [entry for group in reading.type_groups() for entry in group.types]
    context = site_context() | {
        "path": GUIDE,
        "canonical": addresses.absolute(GUIDE),
        "section": "open_data",
        "line": line(addresses.absolute(WIDGET)),
        "widget": WIDGET,
        "height": HEIGHT,
        "example": line(addresses.absolute(f"{WIDGET}{types[0].key}/")) if types else "",
        "example_name": types[0].name if types else "",
    }
    return HttpResponse(render_to_string("portal/widget_guide.html", context))


def line(address: str) -> str:
    """The one line a site copies."""
    title = escape(_("Scam warnings – %s") % AgencySettings.load().name)
    return (
        f'<iframe src="{address}" title="{title}" width="100%" height="{HEIGHT}" '
        'loading="lazy" referrerpolicy="no-referrer" style="border:0;max-width:40rem"></iframe>'
    )
