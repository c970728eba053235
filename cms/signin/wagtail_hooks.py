"""Pages and rules of signing in, registered with Wagtail."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from cms.signin import custody, events, keeping


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    return [path("nguoi-dung/", include("cms.signin.desk_urls"))]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    events.register_log_actions(actions)


@hooks.register("insert_global_admin_css")
def styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("signin/signin.css"))


class InviteMenuItem(MenuItem):
    """For those who may add users."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("users.add_user"))


@hooks.register("register_settings_menu_item")
def invite_menu_item() -> MenuItem:
    return InviteMenuItem(
        _("Invite users"), reverse("signin:invite"), name="invite", icon_name="mail", order=601
    )


@hooks.register("register_account_menu_item")
def security_menu_item(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Password, second factor, sessions"),
        "help_text": _("Change the password, set up a second factor, see where you are signed in."),
    }


@hooks.register("register_user_listing_buttons")
def person_security_button(user: Any, request_user: Any) -> Iterator[Button]:
    if custody.may_help(request_user, user):
        yield Button(
            _("Sign-in and sessions"),
            reverse("signin:person_security", args=[user.pk]),
            icon_name="lock",
            priority=30,
        )


@hooks.register("before_delete_user")
def no_deleting(request: HttpRequest, user: Any) -> HttpResponse:
    return keeping.refuse(request)
