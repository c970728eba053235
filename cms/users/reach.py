"""How people, units and the explorer's files hang on units; registered by ``PeopleConfig``."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from wagtail.documents import get_document_model
from wagtail.models import Collection, Site, Task, Workflow
from wagtail.permissions import register_permission_policy

from cms.core import uploads
from cms.users import guard, scope
from cms.users.models import Membership, RoleRequest, Unit
from cms.users.policies import ProvincePolicy, UnitCollectionPolicy, UnitModelPolicy, within_reach_of_files

_REPORTS = ("site_history", "workflow", "workflow_tasks", "page_types_usage")
"""Wagtail's reports that name people or objects of every unit."""


def register() -> None:
    """Say it once, when the application starts."""
    user = get_user_model()
    scope.hang(Unit, within=lambda reach: Q(pk__in=reach.units))
    scope.hang(user, within=_people)
    scope.hang(Membership, within=lambda reach: Q(unit__in=reach.units))
    scope.hang(RoleRequest, within=lambda reach: Q(unit__in=reach.units))
    scope.hang(Collection, within=lambda reach: Q(unit__in=reach.units))
    scope.hang(get_document_model(), within=within_reach_of_files)

    # For the exact class where Wagtail registers one of its own, before or after this.
    register_permission_policy(Unit, UnitModelPolicy(Unit))
    register_permission_policy(user, UnitModelPolicy(user), exact_class=True)
    for model in (Group, Site, Task, Workflow):
        register_permission_policy(model, ProvincePolicy(model), exact_class=True)
    documents = UnitCollectionPolicy(
        get_document_model(), auth_model="wagtaildocs.Document", owner_field_name="uploaded_by_user"
    )
    register_permission_policy(get_document_model(), documents, exact_class=True)
    for name in ("edit", "delete", "history", "history_results", "usage", "copy"):
        guard.guard(f"wagtailusers_users:{name}", "pk", user, "users.view_user", "users.change_user")
    guard.guard("users_units:*", "pk", Unit, "users.view_unit", "users.change_unit")
    guard.guard("users:*", "unit_id", Unit, "users.change_unit")
    guard.guard("users:*", "user_id", user, "users.view_user", "users.change_user")
    guard.guard("users:*", "membership_id", Membership, "users.change_user")
    guard.guard("users:*", "request_id", RoleRequest, "users.change_user")
    guard.guard("wagtailadmin_collections:*", "pk", Collection, "wagtailcore.change_collection")
    guard.guard("wagtailadmin_collections:*", "collection_id", Collection, "wagtailcore.change_collection")
    for argument in ("document_id", "doc_id"):
        guard.guard("wagtaildocs:*", argument, get_document_model())
    guard.guard("wagtaildocs_chooser:chosen", "pk", get_document_model())
    guard.guard_bulk("wagtaildocs", "document", get_document_model())
    uploads.readable(
        "documents/", lambda user, path: reads(user, get_document_model().objects.filter(file=path))
    )
    uploads.readable("avatar_images/", lambda user, path: True)
    # Assigning roles in bulk would go past the second administrator.
    guard.close_bulk(user._meta.app_label, user._meta.model_name or "user")
    # Its rows name objects of every unit.
    guard.province_only(
        *(f"wagtailadmin_reports:{name}{end}" for name in _REPORTS for end in ("", "_results"))
    )
    # Wagtail's own screens ask these for pages only; for files they know no permissions.
    for kind in ("images", "documents"):
        guard.province_only(f"wagtailadmin_api:{kind}:listing", f"wagtailadmin_api:{kind}:detail")


def reads(user: Any, documents: QuerySet[Any]) -> bool:
    """Whether ``user`` may read one of ``documents``: warnings carry none, so they are for the staff of their units."""
    return user.has_perm(uploads.STAFF) and scope.visible(documents, user).exists()


def _people(reach: scope.Reach) -> Q:
    """Who works in a unit within reach or holds a role there."""
    here = Membership.objects.filter(unit__in=reach.units, ended_at__isnull=True).values("user")
    return Q(unit__in=reach.units) | Q(pk__in=here)
