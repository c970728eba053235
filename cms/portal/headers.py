"""The security headers of a public page, taken from Django's own middleware: one source, the settings."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, cast

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.views.decorators.clickjacking import xframe_options_exempt

from csp.decorators import csp_replace
from csp.middleware import CSPMiddleware

from cms.portal import answering
from cms.portal.inprocess import request_environ

View = Callable[..., HttpResponse]

_MIDDLEWARE: Final[tuple[Callable[..., Any], ...]] = (
    XFrameOptionsMiddleware,
    CSPMiddleware,
    SecurityMiddleware,
)
_ABOUT_THE_BODY: Final = frozenset({"content-type", "content-length", "location"})
PAGE_LIFETIME: Final = 60
"""Seconds a browser may show a page without asking again."""
FOREVER: Final = "public, max-age=31536000, immutable"


def security_headers(path: str = "/") -> tuple[tuple[str, str], ...]:
    """(name, value) pairs that Django puts on the public page at ``path``."""
    return _security_headers(answering.manner(path).framed_anywhere)


@cache
def _security_headers(framed_anywhere: bool) -> tuple[tuple[str, str], ...]:
    def empty(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    if framed_anywhere:
        empty = framed(empty)

    handle: View = empty
    for middleware in _MIDDLEWARE:
        handle = middleware(handle)
    response = handle(WSGIRequest(request_environ("/")))
    return tuple((name, value) for name, value in response.items() if name.lower() not in _ABOUT_THE_BODY)


def framed(view: View) -> View:
    """``view`` as a page that any site may show in a frame; it runs no script."""
    replaced = csp_replace({"frame-ancestors": ["*"], "script-src": ["'none'"]})
    return cast(View, xframe_options_exempt(replaced(view)))


def page_cache_control() -> str:
    """Cache-Control of a public page."""
    return f"public, max-age={PAGE_LIFETIME}"
