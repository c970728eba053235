"""Standing content belongs to the province: people of a unit below have no address of it."""

from django.db.models import Q

from wagtail.permissions import register_permission_policy

from cms.information.models import Item, LawDocument, SelfCheck, StandingPage
from cms.users import guard, scope
from cms.users.policies import ProvincePolicy


def register() -> None:
    """Say it once, when the application starts."""
    scope.hang(Item, within=lambda reach: Q(pk__in=[]))
    for model in (StandingPage, LawDocument, SelfCheck):
        register_permission_policy(model, ProvincePolicy(model))
    guard.guard("information:*", "item_id", Item)
    for namespace in ("information_pages", "information_laws", "information_self_check"):
        guard.guard(f"{namespace}:*", "pk", Item)
