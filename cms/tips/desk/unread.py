"""Tips nobody looked at yet: told to those who read the inbox, as numbers and ages only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import ngettext

from wagtail.admin.ui.components import Component

from cms.editorial.digest import Line
from cms.tips.desk import access
from cms.tips.models import State


@dataclass(frozen=True, slots=True)
class Unread:
    """How many tips wait, how many of them tell of a loss, and since when."""

    count: int
    harmed: int
    oldest: datetime | None
    newest: datetime | None


def unread(user: Any) -> Unread:
    """What nobody looked at yet, of the tips within reach of ``user``."""
    rows = access.tips(user).filter(state=State.NEW, erased_at=None)
    found = rows.aggregate(
        count=Count("pk", distinct=True),
        harmed=Count("pk", filter=Q(is_harmed=True), distinct=True),
        oldest=Min("received_at"),
        newest=Max("received_at"),
    )
    return Unread(**found)


def line(person: Any, _now: datetime) -> Line | None:
    """For the daily letter; None for those who read no tips."""
    if not access.may_see(person):
        return None
    count = unread(person).count
    words = ngettext("%(count)d unread tip from citizens", "%(count)d unread tips from citizens", count)
    return Line(count, words % {"count": count})


class UnreadPanel(Component):
    """On the start page of those who read the inbox."""

    name = "unread_tips"
    order = 120
    template_name = "tips/desk/unread.html"

    def __init__(self, request: HttpRequest) -> None:
        self.found = unread(request.user) if access.may_see(request.user) else None

    def is_shown(self) -> bool:
        """Only when there is something to read."""
        return self.found is not None and self.found.count > 0

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"unread": self.found, "url": f"{reverse('tips:inbox')}?state={State.NEW}"}
