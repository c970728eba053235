"""The start page put together: figures at the top, then the panels of whoever looks."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse

from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from cms.editorial.home import desk
from cms.editorial.home.channels import EndingPanel
from cms.editorial.home.coming import ComingPanel
from cms.editorial.home.desk import Desk
from cms.editorial.home.follow_ups import FollowUpsPanel
from cms.editorial.home.mine import WrittenPanel
from cms.editorial.home.missed import MissedPanel
from cms.editorial.home.to_review import ToReviewPanel
from cms.editorial.home.today import TodayPanel
from cms.editorial.home.unclosed import UnclosedPanel
from cms.editorial.home.waiting import WaitingPanel

PANELS: Final = (
    MissedPanel,
    UnclosedPanel,
    WaitingPanel,
    FollowUpsPanel,
    WrittenPanel,
    ToReviewPanel,
    TodayPanel,
    EndingPanel,
    ComingPanel,
)
_REPLACED: Final = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel, RecentEditsPanel)


def construct_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Ours in place of Wagtail's; what other apps added stays."""
    panels[:] = [panel for panel in panels if not isinstance(panel, _REPLACED)]
    person = desk.of(request)
    panels += [panel for panel in (kind(person) for kind in PANELS) if panel.is_shown()]


def construct_summary(request: HttpRequest, items: list[Any]) -> None:
    """Figures a person can act on in place of the number of pages, images and documents."""
    tiles = _tiles(desk.of(request))
    items[:] = [SummaryTile(request, order, *tile) for order, tile in enumerate(tiles)]


class SummaryTile(SummaryItem):
    """One figure: what it counts, and where that is."""

    template_name = "editorial/home/tile.html"

    def __init__(self, request: HttpRequest, order: int, kind: str, count: int, url: str) -> None:
        super().__init__(request)
        self.order = order
        self.kind, self.count, self.url = kind, count, url

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        return {"kind": self.kind, "count": self.count, "url": self.url}


def _tiles(person: Desk) -> Iterator[tuple[str, int, str]]:
    if person.decides:
        if person.signs:
            yield "waiting", len(person.to_sign), "#waiting-section"
        if person.to_pass_on or not person.signs:
            yield "reviewing", len(person.to_pass_on), "#waiting-section"
        if person.overdue:
            yield "overdue", len(person.overdue), "#waiting-section"
        if person.follow_ups:
            yield "follow-ups", len(person.follow_ups), "#followups-section"
    if person.index is not None:
        statuses = [item.status for item in person.written]
        for status in ("returned", "rejected", "draft", "submitted"):
            if status != "rejected" or status in statuses:
                yield status, statuses.count(status), "#written-section"
    if person.sees_deliveries:
        yield "today", len(person.releases), "#today-section"
        if person.troubled:
            yield "troubled", person.troubled, f"{reverse('publishers:deliveries')}?{TROUBLED}"
    if person.ending:
        yield "ending", len(person.ending), "#ending-section"


TROUBLED: Final = "state=failed&state=awaiting_person"
