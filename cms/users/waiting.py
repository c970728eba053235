"""On the start page of administrators: roles that were asked for and wait for a second administrator."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest

from wagtail.admin.ui.components import Component

from cms.users import requests

SHOWN: Final = 10


class RequestsPanel(Component):
    """What waits in the units the person administers; their own requests too, which somebody else decides."""

    name = "role_requests"
    order = 115
    template_name = "users/requests_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        found = list(requests.waiting(request.user)[: SHOWN + 1])
        self.rows = [(row, not requests.why_not(row, request.user)) for row in found[:SHOWN]]
        self.has_more = len(found) > SHOWN

    def is_shown(self) -> bool:
        """Only when something waits."""
        return bool(self.rows)

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"rows": self.rows, "has_more": self.has_more}
