"""Channels, accounts and operators belong to a unit; what was sent belongs to the unit of its warning."""

from django.db.models import Q

from wagtail.permissions import register_permission_policy

from cms.users import guard, scope
from cms.users.policies import UnitModelPolicy
from publishers.models import Channel, Credential, Delivery, Discrepancy, Operator, Release
from scam_warnings.models import ScamWarningPage

_SEE_DELIVERIES = ("publishers.view_delivery", "publishers.change_delivery")
_VIEWSETS = {
    "publishers_channels": (Channel, "channel"),
    "publishers_accounts": (Credential, "credential"),
    "publishers_operators": (Operator, "operator"),
}


def register() -> None:
    """Say it once, when the application starts."""
    scope.hang(Channel, shown_to_all=Q(offered_to_all=True))
    scope.hang(Credential)
    scope.hang(Operator)
    scope.hang(Release, "page__unit")
    scope.hang(Delivery, "release__page__unit")
    scope.hang(Discrepancy, "channel__unit")
    for namespace, (model, name) in _VIEWSETS.items():
        register_permission_policy(model, UnitModelPolicy(model))
        any_right = [f"publishers.{verb}_{name}" for verb in ("view", "change", "delete")]
        guard.guard(f"{namespace}:*", "pk", model, *any_right)
    _guard_centre()


def _guard_centre() -> None:
    for view in ("release", "release_progress", "release_record"):
        guard.guard(f"publishers:{view}", "pk", Release, *_SEE_DELIVERIES)
    # An approver of the warning's unit decides; what is foreign leaves no trace.
    guard.guard("editorial:schedule_decide", "release_id", Release)
    guard.guard("publishers:release_bulk", "pk", Release, "publishers.change_delivery")
    for view in ("delivery", "proof"):
        guard.guard(f"publishers:{view}", "pk", Delivery, *_SEE_DELIVERIES)
    for view in ("delivery_resend", "delivery_cancel", "delivery_posted"):
        guard.guard(f"publishers:{view}", "pk", Delivery, "publishers.change_delivery")
    guard.guard("publishers:page_deliveries", "page_id", ScamWarningPage, *_SEE_DELIVERIES)
    guard.guard("publishers:close_discrepancy", "pk", Discrepancy, "publishers.change_discrepancy")
    guard.guard("publishers:operator_revoke", "pk", Operator, "publishers.change_operator")
    for view in ("mailing", "channel_check"):
        guard.guard(f"publishers:{view}", "pk", Channel, "publishers.change_channel")
    for view in ("connect", "connect_page"):
        guard.guard(f"publishers:{view}", "pk", Credential, "publishers.change_credential")
