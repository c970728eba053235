"""The approver's desk is about warnings, so a warning of a foreign unit has no address there either.

The stages of a unit are set by whoever administers it.
"""

from typing import Any

from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from cms.editorial.deadlines import ApprovalDeadlines
from cms.editorial.stages import lanes
from cms.editorial.stages.follow_ups import FollowUp
from cms.editorial.stages.lanes import ApprovalPath
from cms.users import guard, scope
from cms.users.policies import ProvincePolicy, UnitModelPolicy
from scam_warnings.models import ScamWarningPage

# Of these, Wagtail tells the title to everybody who may open the admin, also where it refuses.
_NAMING = ("move_confirm", "workflow_action", "collect_workflow_action_data", "confirm_workflow_cancellation")


def register() -> None:
    """Say it once, when the application starts."""
    guard.guard("editorial:*", "page_id", ScamWarningPage)
    # One for the whole installation.
    register_permission_policy(ApprovalDeadlines, ProvincePolicy(ApprovalDeadlines))
    scope.hang(FollowUp, "release__page__unit")
    guard.guard("editorial:follow_up", "follow_up_id", FollowUp)
    scope.hang(ApprovalPath, move=lanes.move)
    register_permission_policy(ApprovalPath, UnitModelPolicy(ApprovalPath))
    rights = [f"editorial.{verb}_approvalpath" for verb in ("view", "change", "delete")]
    guard.guard("editorial_paths:*", "pk", ApprovalPath, *rights)
    for name in _NAMING:
        argument = "page_to_move_id" if name.startswith("move") else "page_id"
        guard.only_if(f"wagtailadmin_pages:{name}", argument, _edits)
    guard.only_if("wagtailadmin_pages:workflow_preview", "page_id", _edits_in_a_round)
    guard.bulk_only_if("wagtailcore", "page", _edits)


def _edits(user: Any, key: Any) -> bool:
    page = _page(key)
    return page is None or page.permissions_for_user(user).can_edit()


def _edits_in_a_round(user: Any, key: Any) -> bool:
    page = _page(key)
    return page is None or (page.workflow_in_progress and page.permissions_for_user(user).can_edit())


def _page(key: Any) -> Any:
    """The page of this key; None where there is none, which the view itself says."""
    if not str(key).isascii() or not str(key).isdigit():
        return None
    found = Page.objects.filter(pk=key).first()
    return found.specific if found is not None else None
