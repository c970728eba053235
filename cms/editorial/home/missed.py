"""Publications that missed their time: somebody has to decide."""

from typing import Any

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


def missed(user: Any) -> list[Schedule]:
    """What missed its time within reach of ``user``, the oldest first."""
    rows = Schedule.objects.filter(state=Schedule.State.MISSED).select_related("release")
    mine = scope.visible(Release.objects.all(), user)
    return list(rows.filter(release__in=mine).order_by("publish_at", "pk"))
