"""Tells the trail which request is being answered, and records what is taken out as a file."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from cms.audit import context
from cms.audit.actions import Action
from cms.audit.recording import record

_FILES: Final = frozenset({"csv", "xlsx"})


class AuditMiddleware:
    """After the one that knows the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with context.answering(request):
            response = self._get_response(request)
            # Every listing and report of the admin exports by this parameter.
            if request.path.startswith("/admin/") and request.GET.get("export") in _FILES:
                _exported(request, response)
            return response


def _exported(request: HttpRequest, response: HttpResponse) -> None:
    if response.status_code == 200 and context.user() is not None:
        asked = {key: request.GET.getlist(key) for key in request.GET if key != "export"}
        record(
            Action.EXPORT,
            label=request.path,
            details={"format": request.GET["export"], "filter": asked},
        )
