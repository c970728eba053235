"""Answers of the forms: pages of the portal that no cache keeps."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from cms.intake import stamps
from cms.portal import addresses
from cms.portal.presentation import site_context

View = Callable[..., HttpResponse]


def answer(*methods: str) -> Callable[[View], View]:
    """A view that answers citizens: in the language of its address, kept by no cache, named by no other site.

    No cookie is read or set, so nothing is done in anybody's name and there is no token against forgery to ask
    for: what a foreign page posts has no stamp, and ends at a page where the citizen decides (stamps.py).
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @require_http_methods(list(methods))
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            language = addresses.language_of(request.path)
            with translation.override(language):
                try:
                    response = view(request, *args, **kwargs)
                except DatabaseError:
                    response = busy(language)
            response.headers["Cache-Control"] = "private, no-store"
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

        return wrapper

    return decorate


def page(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the portal, in the language of the ``path`` in ``context``.

    Without the request no context processor runs, so nothing can open the session.
    """
    language = addresses.language_of(context["path"])
    base = site_context(language=language) | {"home": addresses.home(language)} | context
    base.setdefault("canonical", addresses.absolute(base["path"]))
    return HttpResponse(render_to_string(template, base), status=status)


def busy(language: str) -> HttpResponse:
    """What is said in ``language`` when the database refuses, without asking it anything."""
    context = {"emergency": "113", "LANGUAGE_CODE": language}
    return HttpResponse(
        render_to_string("intake/busy.html", context), status=503, headers={"Retry-After": "60"}
    )


def stamp_view(purpose: str) -> View:
    """The view that gives a script a stamp for one form, and says how much work it costs."""

    @require_GET
    def stamp(_request: HttpRequest) -> HttpResponse:
        response = JsonResponse({"stamp": stamps.issue(purpose), "bits": stamps.BITS})
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return stamp
