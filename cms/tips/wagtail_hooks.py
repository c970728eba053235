"""The inbox, registered with Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.tips.desk import access
from cms.tips.desk.unread import UnreadPanel


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("phan-anh/", include("cms.tips.desk.urls"))]


class InboxMenuItem(MenuItem):
    """For those who read tips."""

    def is_shown(self, request: HttpRequest) -> bool:
        return access.may_see(request.user)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return InboxMenuItem(_("Tips"), reverse("tips:inbox"), name="tips", icon_name="mail", order=97)


@hooks.register("construct_homepage_panels", order=50)
def unread_tips(request: HttpRequest, panels: list[Any]) -> None:
    panel = UnreadPanel(request)
    if panel.is_shown():
        panels.append(panel)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for action, label in (
        ("keng.tip_state", _("State of a tip changed")),
        ("keng.tip_sorted", _("Tip sorted or assigned")),
        ("keng.tip_note", _("Note on a tip written")),
        ("keng.tip_contact_seen", _("Looked at how to reach a citizen")),
        ("keng.tip_picture_seen", _("Looked at a citizen’s picture")),
        ("keng.tip_picture_erased", _("Picture of a tip erased")),
        ("keng.tip_used", _("Warning drafted from a tip")),
        ("keng.tips_erased", _("Tips erased after their term")),
    ):
        actions.register_action(action, label, label)
