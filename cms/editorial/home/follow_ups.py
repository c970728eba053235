"""Follow-up reviews a person can do, and what earlier ones asked for that has not come yet."""

from typing import Any

from cms.editorial.home.panel import DeskPanel
from cms.editorial.stages import follow_ups
from cms.editorial.stages.follow_ups import FollowUp
from cms.users import scope


class FollowUpsPanel(DeskPanel):
    """Shown while there is something to do."""

    name = "follow_up_reviews"
    template_name = "editorial/home/follow_ups.html"
    order = 115

    def is_shown(self) -> bool:
        return bool(self.desk.follow_ups or self.desk.unresolved)


def unresolved_for(user: Any) -> list[FollowUp]:
    """Asked for, not come yet, in the units over which ``user`` decides."""
    found = scope.held(user, *follow_ups.ROLES)
    return [row for row in follow_ups.unresolved() if found.covers(row.release.page.unit_id)]
