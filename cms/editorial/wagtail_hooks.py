"""Editorial screens, registered with Wagtail."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from cms.editorial import copying, schedule_views, trail
from cms.editorial.admin_api import without_actions
from cms.editorial.editing import WarningViewSet
from cms.editorial.home import start
from cms.editorial.stages.viewset import ApprovalPathViewSet
from scam_warnings.models import ScamWarningPage, WarningIndexPage


@hooks.register("register_admin_urls")
def review_urls() -> list[Any]:
    return [path("duyet/", include("cms.editorial.urls"))]


@hooks.register("register_admin_viewset")
def warning_views() -> WarningViewSet:
    return WarningViewSet()


@hooks.register("register_admin_viewset")
def approval_paths() -> ApprovalPathViewSet:
    return ApprovalPathViewSet()


@hooks.register("construct_admin_api")
def admin_api(router: Any) -> None:
    without_actions(router)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_js() -> str:
    return format_html('<script src="{}" defer></script>', static("editorial/first_error.js"))


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
def start_page(request: HttpRequest, panels: list[Any]) -> None:
    start.construct_panels(request, panels)


@hooks.register("construct_homepage_summary_items", order=1000)
def start_page_figures(request: HttpRequest, items: list[Any]) -> None:
    # Last: the figures stand in place of those of all other apps.
    start.construct_summary(request, items)


@hooks.register("register_admin_menu_item")
def calendar_menu_item() -> MenuItem:
    return MenuItem(
        _("Calendar"), reverse("editorial:calendar"), name="calendar", icon_name="calendar-alt", order=95
    )


@hooks.register("register_admin_menu_item")
def schedules_menu_item() -> MenuItem:
    return SchedulesMenuItem(
        _("Scheduled publications"),
        reverse("editorial:schedules"),
        name="schedules",
        icon_name="time",
        order=96,
    )


class SchedulesMenuItem(MenuItem):
    """For those who may see what becomes of releases."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(name) for name in schedule_views.SEE)


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
            or not task.may_decide(context["request"].user, page)
        ):
            return None
        return reverse("editorial:review", args=[state.pk])


@hooks.register("register_page_action_menu_item")
def review_menu_item() -> ActionMenuItem:
    return ReviewMenuItem(order=0)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def trail_button(page: Page, user: Any, *args: Any, **kwargs: Any) -> Iterator[Button]:
    # Asked by its class first: a listing holds pages as they are, without a query for each.
    if page.specific_class is ScamWarningPage and trail.may_see(page.specific, user):
        url = reverse("editorial:trail", args=[page.pk])
        yield Button(_("Log of the warning"), url=url, icon_name="clipboard-list", priority=60)


@hooks.register("before_copy_page")
def copied_below_a_page(request: HttpRequest, page: Page) -> None:
    copying.require_place(request)


@hooks.register("after_copy_page")
def keep_authors(request: HttpRequest, page: Page, new_page: Page) -> None:
    copying.keep_authors(page, new_page)
    copying.give_to_unit_of(request.user, new_page)


@hooks.register("insert_editor_js")
def editor_js() -> str:
    return format_html(
        '<meta id="keng-session" data-url="{}" data-login="{}" data-expired="{}" data-offline="{}" data-sign-in="{}">'
        '<script src="{}" defer></script><script src="{}" defer></script><script src="{}" defer></script>',
        reverse("editorial:session"),
        reverse("wagtailadmin_login"),
        _(
            "Your session has expired. What you typed is still here: sign in again, then press the button once more."
        ),
        _("The server cannot be reached. What you typed is still here: try again in a moment."),
        _("Sign in in a new window"),
        static("editorial/counters.js"),
        static("editorial/session.js"),
        static("editorial/anchor.js"),
    )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("keng.withdraw", _("Withdraw"), _("Withdrawn on every channel"))
    actions.register_action("keng.reject", _("Do not approve"), _("Not approved"))
    actions.register_action("keng.content_reviewed", _("Review a public warning"), _("Reviewed, still right"))
    actions.register_action("keng.review", _("Pass on to the approver"), _("Passed on to the approver"))
    actions.register_action("keng.follow_up", _("Follow-up review"), _("Follow-up review done"))
    actions.register_action("keng.approve", _("Approve"), _("Approved and released"))
