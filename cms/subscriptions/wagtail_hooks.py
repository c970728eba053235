"""The page about subscriptions, registered with Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.subscriptions import desk
from cms.users import scope


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("theo-doi/", include("cms.subscriptions.desk_urls"))]


class DeskMenuItem(MenuItem):
    """For those who look after it, from the province down."""

    def is_shown(self, request: HttpRequest) -> bool:
        return scope.everywhere(request.user, desk.SEE)


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    return DeskMenuItem(
        _("Warnings by e-mail"),
        reverse("subscriptions:desk"),
        name="subscriptions",
        icon_name="mail",
        order=300,
    )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for action, label in (
        ("keng.subscriber_erased", _("Subscriber erased on request")),
        ("keng.letters_retried", _("Unknown letters sent again")),
    ):
        actions.register_action(action, label, label)
