"""How every public page is answered: read-only, in the language of its address, without a session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms.portal import addresses
from cms.portal.answering import extra_headers
from cms.portal.headers import page_cache_control
from cms.portal.presentation import site_context

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A read-only page in the language of its address, cacheable for a short time by anybody."""
    return require_safe(_shown(view))


def answering(view: View) -> View:
    """As ``public``, and a form may be sent here: one that changes nothing, so it needs no token and no cookie."""
    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(_shown(view)))


def _shown(view: View) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(addresses.language_of(request.path)):
            response = view(request, *args, **kwargs)
        for name, value in extra_headers(request.path):
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", page_cache_control())
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return wrapper


def page(template: str, context: dict[str, Any]) -> HttpResponse:
    """``template`` with what every public page shows around its content."""
    # Without the request no context processor runs, so nothing can open the session.
    base = context if "agency" in context else site_context() | context
    base.setdefault("canonical", addresses.absolute(base["path"]))
    return HttpResponse(render_to_string(template, base))
