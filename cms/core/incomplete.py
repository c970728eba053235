"""A form without a field that no browser leaves out is a bad request, not a fault of ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDictKeyError
from django.views.defaults import bad_request


class IncompleteForm:
    """Middleware: Wagtail's views read some fields without asking whether they came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 for a field that is not there."""
        return bad_request(request, exception) if isinstance(exception, MultiValueDictKeyError) else None
