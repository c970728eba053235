"""Publications that missed their time: somebody has to decide."""

from dataclasses import dataclass
from typing import Any

from cms.editorial import timing
from cms.editorial.home.panel import DeskPanel
from cms.users import scope
from publishers.models import Release, Schedule


class MissedPanel(DeskPanel):
    """«Lỡ giờ đăng», only while there is something in it."""

    name = "missed_schedules"
    template_name = "editorial/home/missed.html"
    order = 100

    def is_shown(self) -> bool:
        return bool(self.desk.missed)


@dataclass(frozen=True, slots=True)
class Missed:
    """One of them."""

    schedule: Schedule
    is_mine_to_decide: bool


def missed(user: Any) -> list[Missed]:
    """What missed its time within reach of ``user``, the oldest first."""
    rows = Schedule.objects.filter(state=Schedule.State.MISSED)
    mine = scope.visible(Release.objects.all(), user)
    late = list(rows.filter(release__in=mine).select_related("release__page").order_by("publish_at", "pk"))
    # Hardly ever is there any: the start page does not ask for rights without need.
    may = timing.deciding(user) if late else None
    return [Missed(row, may is not None and bool(may.verbs(row.release))) for row in late]
