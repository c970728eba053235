"""All that an action could change of a warning, of the page tree, of its deliveries, and of what is public."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from wagtail.models import PageViewRestriction, Revision, WorkflowState

from cms.editorial.content_review import ContentReview
from cms.editorial.models import FollowUp
from cms.editorial.stages.lanes import ApprovalPath
from cms.users.models import Delegation
from publishers.models import Delivery, Schedule
from scam_warnings.models import ScamWarningPage
from tests.permissions.world import World

_COUNTED = {
    "pages": "wagtailcore_page",
    "live pages": "wagtailcore_page WHERE live",
    "aliases": "wagtailcore_page WHERE alias_of_id IS NOT NULL",
    "promised": "wagtailcore_revision WHERE approved_go_live_at IS NOT NULL",
    "releases": "publishers_release",
    "payloads": "publishers_payload",
    "deliveries": "publishers_delivery",
}
_COUNTS = "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {rows})" for rows in _COUNTED.values())
_OF_THE_PAGE = (
    "path",
    "slug",
    "live",
    "live_revision_id",
    "locked",
    "latest_revision_id",
    "go_live_at",
    "expire_at",
    "alias_of",
)


@dataclass(frozen=True, slots=True)
class State:
    """Two of them are equal when nothing happened between them."""

    page: tuple[Any, ...] | None
    rounds: tuple[Any, ...]
    """The rounds of approval."""
    schedules: tuple[Any, ...]
    deliveries: tuple[Any, ...]
    looked_at: tuple[Any, ...]
    """Follow-up reviews, and reviews of what is public."""
    rules: tuple[Any, ...]
    """Who stands in for whom, and the stages the units ask for."""
    revisions: int
    restrictions: int
    counts: tuple[int, ...]


def state_of(world: World, name: str) -> State:
    """Of the warning that stands in ``name``."""
    page = world.pages[name]
    rows = ScamWarningPage.objects.filter(pk=page.pk)
    rounds = WorkflowState.objects.filter(object_id=str(page.pk)).order_by("pk")
    with connection.cursor() as cursor:
        counts = cursor.execute(_COUNTS).fetchone()
    return State(
        page=rows.values_list(*_OF_THE_PAGE).first(),
        rounds=tuple(rounds.values_list("pk", "status", "current_task_state", "current_task_state__status")),
        schedules=tuple(
            Schedule.objects.filter(release__page=page.pk).order_by("pk").values_list("state", "publish_at")
        ),
        deliveries=tuple(
            Delivery.objects.filter(release__page=page.pk).order_by("pk").values_list("pk", "state")
        ),
        looked_at=(
            *FollowUp.objects.filter(release__page=page.pk).values_list("pk", "outcome"),
            *ContentReview.objects.filter(page=page.pk).values_list("pk"),
        ),
        rules=(
            *Delegation.objects.order_by("pk").values_list("pk", "confirmed_by", "revoked_at"),
            *ApprovalPath.objects.order_by("pk").values_list("pk", "unit", "severity", "stages"),
        ),
        revisions=Revision.objects.for_instance(page).count(),
        restrictions=PageViewRestriction.objects.filter(page=page.pk).count(),
        counts=tuple(counts),
    )


def is_public_by_it(before: State, after: State) -> bool:
    """Whether something between the two made or changed anything public, or promised to.

    Giving up what was to leave makes nothing public.
    """
    return (
        _shown(before) != _shown(after)
        # Without the first: drafts come and go.
        or before.counts[1:2] + before.counts[3:] != after.counts[1:2] + after.counts[3:]
        or any(
            was != now and now[0] != Schedule.State.CANCELLED
            for was, now in zip(before.schedules, after.schedules, strict=False)
        )
    )


def _shown(state: State) -> Any:
    # A draft that is gone was never to be seen.
    return (state.page[2], state.page[3]) if state.page and state.page[2] else None
