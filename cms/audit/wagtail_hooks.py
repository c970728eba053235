"""The audit log, registered with Wagtail."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.audit.group_rights import GroupRightsRecord
from cms.users import scope


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("nhat-ky/", include("cms.audit.urls"))]


class AuditMenuItem(MenuItem):
    """For those who may read the whole log."""

    def is_shown(self, request: HttpRequest) -> bool:
        return scope.everywhere(request.user, "audit.view_entry")


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    return AuditMenuItem(_("Audit log"), reverse("audit:index"), name="audit", icon_name="history", order=100)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="audit", codename="view_entry")


@hooks.register("register_group_permission_panel", order=10_000)
def group_rights() -> type[GroupRightsRecord]:
    return GroupRightsRecord
