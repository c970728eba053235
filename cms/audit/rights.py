"""Accounts, units, roles and who may do what: ours, Django's and Wagtail's models, followed for everybody."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    PageViewRestriction,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.audit.tracking import track
from cms.audit.wagtail_log import covered
from cms.users.models import Membership, RoleRequest, Unit, UnitMerge


def track_all() -> None:
    """Follow every model that decides on rights."""
    track(get_user_model(), ignore=["last_login"], many=["groups", "user_permissions"])
    track(Unit, ignore=["path"])
    track(UnitMerge)
    track(Membership)
    track(RoleRequest)
    covered(
        "keng.role_granted",
        "keng.role_ended",
        "keng.role_requested",
        "keng.role_request_confirmed",
        "keng.role_request_refused",
        "keng.unit_merged",
    )
    track(Group, many=["permissions"])
    track(GroupPagePermission)
    track(GroupCollectionPermission)
    track(PageViewRestriction)
    track(Collection, ignore=["path", "depth", "numchild"])
    track(Site)
    track(Workflow)
    track(WorkflowTask)
    track(WorkflowPage)
