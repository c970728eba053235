"""Admin addresses whose query cannot be: numbers that are none, pages that do not exist. They are not found.

Wagtail takes ``id``, ``parent_page_id`` and the like from the query as they come, and the database refuses what is no
number or too large for one: an error page and an alarm for what is only a mistyped address.
"""

from collections.abc import Callable

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.defaults import page_not_found

NUMBERS = frozenset({"id", "parent_page_id"})
"""Parameters Wagtail's views use without looking at them."""
_ALL = "all"
"""Bulk actions on everything a list shows."""
_CHOICES = frozenset({"owner", "user", "site", "content_type", "collection_id", "edited_by"})
"""Filters of Wagtail's lists whose form takes any number, also one no database has room for."""
_MOST_DIGITS = 18
"""Every number of so many digits fits the databases' integers."""


class OddQueries:
    """Answers 404 where the query of an admin address cannot be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.admin) and not _possible(request):
            return page_not_found(request, Http404())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page beyond the last one of a list."""
        return page_not_found(request, exception) if isinstance(exception, InvalidPage) else None


def _possible(request: HttpRequest) -> bool:
    for name in NUMBERS | _CHOICES:
        for value in request.GET.getlist(name):
            if name in NUMBERS and value not in ("", _ALL) and not (value.isascii() and value.isdigit()):
                return False
            if value.isdecimal() and len(value) > _MOST_DIGITS:
                return False
    return True
