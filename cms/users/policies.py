"""Wagtail's permission policies, with the unit as one more condition."""

from collections.abc import Collection as Several
from typing import Any

from django.contrib.auth import get_permission_codename
from django.db.models import Model, Q, QuerySet

from wagtail.models import Collection
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from cms.users import scope


class UnitModelPolicy(ModelPermissionPolicy):
    """Django's permissions on a model, only over rows in the units in which a role carries them."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Several[str], instance: Any) -> bool:
        return (
            self.user_has_any_permission(user, actions)
            and self._rows(user, actions).filter(pk=instance.pk).exists()
        )

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Several[str]) -> QuerySet[Any]:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return self._rows(user, actions)

    def instances_user_has_permission_for(self, user: Any, action: str) -> QuerySet[Any]:
        return self.instances_user_has_any_permission_for(user, [action])

    def _rows(self, user: Any, actions: Several[str]) -> QuerySet[Any]:
        return scope.visible(self.model._default_manager.all(), user, *permissions_of(self.model, actions))


class ProvincePolicy(ModelPermissionPolicy):
    """What holds for the whole installation: only whoever has the permission from the province down."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return (
            super().user_has_permission(user, action)
            and scope.reach_for(user, *permissions_of(self.model, [action])).everything
        )


class UnitCollectionPolicy(CollectionOwnershipPermissionPolicy):
    """Files: Wagtail's collection permissions, only in the collections of the units within reach."""

    def _check_perm(self, user: Any, actions: Any, collection: Any = None) -> bool:
        if not super()._check_perm(user, actions, collection):
            return False
        if collection is None:
            return True
        return self._of_units(Collection.objects.filter(pk=collection.pk), user, actions).exists()

    def _collections_with_perm(self, user: Any, actions: Any) -> QuerySet[Collection]:
        return self._of_units(super()._collections_with_perm(user, actions), user, actions)

    def _of_units(self, found: QuerySet[Collection], user: Any, actions: Any) -> QuerySet[Collection]:
        if user.is_superuser:
            return found
        groups = {row.group_id for row in self._get_user_permission_objects_for_actions(user, actions)}
        reach = scope.reach_of_groups(user, groups)
        if reach.everything:
            return found
        return found.filter(unit__in=reach.units)


def permissions_of(model: type[Model], actions: Several[str]) -> list[str]:
    """``app.codename`` of each action."""
    return [f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}" for action in actions]


def within_reach_of_files(reach: scope.Reach) -> Q:
    """For files: those in the collections of the units within reach."""
    return Q(collection__unit__in=reach.units)
