"""People, units and requests for roles, registered with Wagtail."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.users import delegations, memberships, reach, scope
from cms.users.roles import Role
from cms.users.viewsets import UnitViewSet
from cms.users.waiting import RequestsPanel


@hooks.register("register_admin_viewset")
def units() -> UnitViewSet:
    return UnitViewSet()


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [path("nhan-su/", include("cms.users.urls"))]


class RequestsMenuItem(MenuItem):
    """For those who manage people."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.change_user"))


@hooks.register("register_settings_menu_item")
def requests_menu_item() -> MenuItem:
    return RequestsMenuItem(
        _("Requests for roles"), reverse("users:requests"), name="role-requests", icon_name="user", order=605
    )


@hooks.register("construct_homepage_panels", order=50)
def role_requests(request: HttpRequest, panels: list[Any]) -> None:
    panel = RequestsPanel(request)
    if panel.is_shown():
        panels.append(panel)


class DelegationsMenuItem(MenuItem):
    """For those who have a role to delegate, and those who act in another's place."""

    def is_shown(self, request: HttpRequest) -> bool:
        # Known for the request already: a menu asks the database nothing.
        roles = (*delegations.DELEGABLE, Role.ADMINISTRATOR)
        return memberships.holds(request.user, *roles)


@hooks.register("register_settings_menu_item")
def delegations_menu_item() -> MenuItem:
    return DelegationsMenuItem(
        _("Delegations"), reverse("users:delegations"), name="delegations", icon_name="user", order=606
    )


@hooks.register("before_serve_document")
def documents_are_internal(document: Any, request: HttpRequest) -> None:
    if not reach.reads(request.user, type(document).objects.filter(pk=document.pk)):
        raise Http404


@hooks.register("construct_reports_menu")
def only_reports_within_reach(request: HttpRequest, items: list[MenuItem]) -> None:
    if scope.confined(request.user):
        closed = {"site-history", "workflows", "workflow-tasks", "page-types-usage"}
        items[:] = [item for item in items if item.name not in closed]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for action, label in (
        ("keng.role_granted", _("Role given")),
        ("keng.role_ended", _("Role ended")),
        ("keng.role_requested", _("Role asked for")),
        ("keng.role_request_confirmed", _("Role confirmed by a second administrator")),
        ("keng.role_request_refused", _("Role refused by a second administrator")),
        ("keng.delegated", _("Role delegated")),
        ("keng.delegation_confirmed", _("Delegation confirmed")),
        ("keng.delegation_revoked", _("Delegation ended")),
        ("keng.unit_merged", _("Unit merged into another")),
    ):
        actions.register_action(action, label, label)
