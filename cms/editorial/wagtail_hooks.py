"""Editorial screens, registered with Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.models import Page

from cms.editorial import copying
from cms.editorial.queue import WaitingPanel
from scam_warnings.models import ScamWarningPage, WarningIndexPage


@hooks.register("register_admin_urls")
def review_urls() -> list[Any]:
    return [path("duyet/", include("cms.editorial.urls"))]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/admin.css"))


@hooks.register("register_admin_menu_item")
def warnings_menu_item() -> MenuItem:
    return WarningsMenuItem(
        _("Scam warnings"), reverse("editorial:warnings"), name="warnings", icon_name="warning", order=90
    )


@hooks.register("construct_help_menu")
def no_outside_help(request: HttpRequest, items: list[MenuItem]) -> None:
    # Both lead to a foreign host; our own guides are in docs/.
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]


@hooks.register("construct_homepage_panels")
def approvers_queue(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [panel for panel in panels if not isinstance(panel, WorkflowObjectsToModeratePanel)]
    panels.insert(0, WaitingPanel())


class WarningsMenuItem(MenuItem):
    """One click from anywhere to the list of warnings, for those who write them."""

    def is_shown(self, request: HttpRequest) -> bool:
        index = WarningIndexPage.objects.first()
        return index is not None and index.permissions_for_user(request.user).can_add_subpage()


class ReviewMenuItem(ActionMenuItem):
    """In the editor, the way to the review page for those who may decide."""

    name = "action-review"
    label = _("Review and decide")
    icon_name = "check"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return self.get_url(context) is not None

    def get_url(self, context: dict[str, Any]) -> str | None:
        page = context.get("page")
        state = page.current_workflow_task_state if isinstance(page, ScamWarningPage) else None
        task = state.task.specific if state else None
        if (
            state is None
            or task is None
            or not hasattr(task, "may_decide")
            or not task.may_decide(context["request"].user)
        ):
            return None
        return reverse("editorial:review", args=[state.pk])


@hooks.register("register_page_action_menu_item")
def review_menu_item() -> ActionMenuItem:
    return ReviewMenuItem(order=0)


@hooks.register("after_copy_page")
def keep_authors(request: HttpRequest, page: Page, new_page: Page) -> None:
    copying.keep_authors(page, new_page)


@hooks.register("insert_editor_js")
def editor_js() -> str:
    return format_html(
        '<meta id="keng-session" data-url="{}" data-login="{}" data-expired="{}" data-offline="{}" data-sign-in="{}">'
        '<script src="{}" defer></script><script src="{}" defer></script>',
        reverse("editorial:session"),
        reverse("wagtailadmin_login"),
        _(
            "Your session has expired. What you typed is still here: sign in again, then press the button once more."
        ),
        _("The server cannot be reached. What you typed is still here: try again in a moment."),
        _("Sign in in a new window"),
        static("editorial/counters.js"),
        static("editorial/session.js"),
    )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("keng.withdraw", _("Withdraw"), _("Withdrawn on every channel"))
    actions.register_action("keng.approve", _("Approve"), _("Approved and released"))
