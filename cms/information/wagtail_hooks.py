"""Standing content, registered with Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from wagtail import hooks

from cms.information import approval
from cms.information.viewsets import InformationViewSetGroup
from cms.information.waiting import WaitingContentPanel


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [path("noi-dung-cong/", include("cms.information.admin_urls"))]


@hooks.register("register_admin_viewset")
def content() -> InformationViewSetGroup:
    return InformationViewSetGroup()


@hooks.register("construct_homepage_panels", order=50)
def waiting_content(request: HttpRequest, panels: list[Any]) -> None:
    panel = WaitingContentPanel(request)
    if panel.is_shown():
        panels.append(panel)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, verb, done in (
        (approval.SUBMIT, _("Submit portal content"), _("Submitted portal content for approval")),
        (approval.TAKE_BACK, _("Take back portal content"), _("Took portal content back")),
        (approval.RETURN, _("Return portal content"), _("Returned portal content")),
        (approval.APPROVE, _("Approve portal content"), _("Approved portal content")),
        (approval.WITHDRAW, _("Withdraw portal content"), _("Withdrew portal content")),
    ):
        actions.register_action(key, verb, done)
