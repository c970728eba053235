"""The pages where secrets are typed get the portal's strict policy: no inline code, nothing from elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from csp.utils import build_policy


def guarded(patterns: list[URLPattern]) -> list[URLPattern]:
    """``patterns`` with every answer guarded."""
    for pattern in patterns:
        pattern.callback = _guarded(pattern.callback)
    return patterns


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        # An exempt prefix (/admin/) does not undo what stands here already.
        response.headers["Content-Security-Policy"] = build_policy()
        # Not "no-referrer": without an origin the browser's own forms would be refused.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapper
