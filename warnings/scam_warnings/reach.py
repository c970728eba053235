"""A warning belongs to a unit; pages of the tree that are no warnings belong to everybody."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.users import guard, scope
from cms.users.policies import ProvincePolicy
from scam_warnings.agency import AgencySettings
from scam_warnings.models import ScamWarningPage
from scam_warnings.official_sources import OfficialSource
from scam_warnings.taxonomy import Audience, ContentCategory, Hotline, ScamType, ScamTypeGroup, SourceKind

_PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk", "pk")

_VOCABULARIES = (Audience, ContentCategory, Hotline, OfficialSource, ScamType, ScamTypeGroup, SourceKind)


class UnitPagePolicy(PagePermissionPolicy):
    """Wagtail's page permissions, over warnings only in the units in which a role carries them."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        pages = super().instances_user_has_any_permission_for(user, actions)
        return self._within(pages, user, actions)

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        pages = super().explorable_instances(user)
        return self._within(pages, user, ("add", "change", "publish", "lock", "unlock", "bulk_delete"))

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Collection[str], instance: Any
    ) -> bool:
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        reach = self._reach(user, actions)
        return reach.everything or not self._foreign(reach).filter(pk=instance.pk).exists()

    def _within(self, pages: QuerySet[Any], user: Any, actions: Collection[str]) -> QuerySet[Any]:
        reach = self._reach(user, actions)
        return pages if reach.everything else pages.exclude(pk__in=self._foreign(reach).values("pk"))

    def _reach(self, user: Any, actions: Collection[str]) -> scope.Reach:
        if user.is_superuser:
            return scope.reach(user)
        names = self._get_permission_codenames({*actions, "add"} if "change" in actions else set(actions))
        held = self.get_cached_permissions_for_user(user)
        return scope.reach_of_groups(user, {row.group_id for row in held if row.permission.codename in names})

    @staticmethod
    def _foreign(reach: scope.Reach) -> QuerySet[ScamWarningPage]:
        return ScamWarningPage.objects.exclude(unit__in=reach.units)


def _only_own_people(chosen: Any) -> None:
    """The explorer's filter offers the people of the units within reach, not everybody who ever wrote.

    Wagtail's filters take their choices from a function of the request; it has no hook for them.
    """
    everybody = chosen.queryset
    chosen.queryset = lambda request: scope.visible(everybody(request), request.user)


def register() -> None:
    """Say it once, when the application starts."""
    # Loaded here: Wagtail's views want all models there first.
    from wagtail.admin.views.pages.listing import GenericPageFilterSet, PageFilterSet

    scope.hang(ScamWarningPage)
    scope.hang(Page, within=lambda reach: ~Q(pk__in=UnitPagePolicy._foreign(reach).values("pk")))
    register_permission_policy(Page, UnitPagePolicy(Page))
    for model in (*_VOCABULARIES, AgencySettings):
        register_permission_policy(model, ProvincePolicy(model))
    for model in _VOCABULARIES:
        # A term is written on its own page; the chooser has no form for it.
        guard.close(f"wagtailsnippetchoosers_scam_warnings_{model._meta.model_name}:create")
    for argument in _PAGE_ARGUMENTS:
        guard.guard("wagtailadmin_pages:*", argument, Page)
    for view in ("wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"):
        guard.guard(view, "parent_page_id", Page)
    # Lists of everything, whatever unit it belongs to.
    guard.province_only("wagtailadmin_pages:type_use", "wagtailadmin_pages:type_use_results")
    for name in ("owner", "edited_by"):
        for chosen in {filters.base_filters[name] for filters in (PageFilterSet, GenericPageFilterSet)}:
            _only_own_people(chosen)
    guard.guard("wagtailadmin_api:pages:*", "pk", Page)
    guard.guard("wagtailadmin_workflows:remove", "page_pk", Page)
    guard.guard_bulk("wagtailcore", "page", Page)
    guard.guard_bulk("scam_warnings", "scamwarningpage", Page)
