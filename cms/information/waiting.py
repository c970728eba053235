"""On the start page: portal content that waits for whoever looks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from wagtail.admin.ui.components import Component

from cms.editorial.digest import Line
from cms.information import approval
from cms.information.models import Item, State


class WaitingContentPanel(Component):
    """For approvers what waits, for editors what came back."""

    name = "portal-content"
    order = 110
    template_name = "information/waiting.html"

    def __init__(self, request: HttpRequest) -> None:
        self.items = list(_concerning(request.user).select_related("submitted_by")[:20])

    def is_shown(self) -> bool:
        """Only when there is something to do."""
        return bool(self.items)

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"items": self.items}


def line(person: Any, _now: datetime) -> Line | None:
    """For the daily letter."""
    count = _concerning(person).count()
    words = ngettext(
        "%(count)d page of the portal to act on", "%(count)d pages of the portal to act on", count
    )
    return Line(count, words % {"count": count})


def _concerning(person: Any) -> QuerySet[Item]:
    """For approvers what waits, for editors what came back."""
    states = []
    if approval.may_decide(person):
        states.append(State.WAITING)
    if approval.may_write(person):
        states.append(State.RETURNED)
    return Item.objects.filter(state__in=states)
