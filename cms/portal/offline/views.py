"""The addresses of the app."""

import json

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cms.portal import addresses as portal_addresses
from cms.portal.answering import respond
from cms.portal.offline import addresses, saved, worker
from cms.portal.presentation import card, contacts, site_context
from cms.portal.views import public

THEME = "#0c2a33"
PAPER = "#fdfaf4"


@public
def script(request: HttpRequest) -> HttpResponse:
    """The service worker."""
    return respond(request.path, worker.script(), "text/javascript; charset=utf-8")


@public
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the portal."""
    values = {
        "id": "/",
        "name": _("Kẻng – scam warnings"),
        "short_name": "Kẻng",
        "description": _("Official warnings about online scams."),
        "lang": "vi",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": THEME,
        "categories": ["government", "security", "news"],
        "icons": [
            _icon("portal/icon-192.png", 192, "any"),
            _icon("portal/icon-512.png", 512, "any"),
            _icon("portal/icon-maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": _("Warnings"), "url": portal_addresses.LIST},
            {"name": _("Been scammed?"), "url": addresses.PAGE},
            {"name": _("Search"), "url": portal_addresses.SEARCH},
        ],
    }
    return respond(
        request.path, json.dumps(values, ensure_ascii=False, indent=1) + "\n", "application/manifest+json"
    )


@public
def listing(request: HttpRequest) -> HttpResponse:
    """Which pages a phone keeps."""
    return respond(request.path, json.dumps(saved.listing(), indent=1) + "\n", "application/json")


@public
def page(_request: HttpRequest) -> HttpResponse:
    """What is shown without a network: whom to call, what to do, which warnings are on the phone."""
    rows = list(saved.warnings())
    context = site_context() | {
        "path": addresses.PAGE,
        "canonical": portal_addresses.absolute(addresses.PAGE),
        "warnings": [card(row) for row in rows],
        "hotlines": [line for line in contacts(rows[0].content().hotlines) if line.is_number] if rows else [],
    }
    return HttpResponse(render_to_string("portal/offline.html", context))


def _icon(name: str, pixels: int, purpose: str) -> dict[str, str]:
    return {
        "src": staticfiles_storage.url(name),
        "sizes": f"{pixels}x{pixels}",
        "type": "image/png",
        "purpose": purpose,
    }
