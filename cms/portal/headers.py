"""The security headers of a public page, taken from Django's own middleware: one source, the settings."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from csp.middleware import CSPMiddleware

from cms.portal.inprocess import request_environ

_MIDDLEWARE: Final[tuple[Callable[..., Any], ...]] = (
    XFrameOptionsMiddleware,
    CSPMiddleware,
    SecurityMiddleware,
)
_ABOUT_THE_BODY: Final = frozenset({"content-type", "content-length", "location"})
PAGE_LIFETIME: Final = 60
"""Seconds a browser may show a page without asking again."""
FOREVER: Final = "public, max-age=31536000, immutable"


@cache
def security_headers() -> tuple[tuple[str, str], ...]:
    """(name, value) pairs that Django puts on every public page of this installation."""

    def empty(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    handle: Callable[[HttpRequest], HttpResponse] = empty
    for middleware in _MIDDLEWARE:
        handle = middleware(handle)
    response = handle(WSGIRequest(request_environ("/")))
    return tuple((name, value) for name, value in response.items() if name.lower() not in _ABOUT_THE_BODY)


def page_cache_control() -> str:
    """Cache-Control of a public page."""
    return f"public, max-age={PAGE_LIFETIME}"
