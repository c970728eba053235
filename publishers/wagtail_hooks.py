"""Channels and deliveries, registered with Wagtail."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.log_actions import LogFormatter

from publishers.centre import banner
from publishers.viewsets import ChannelsGroup


@hooks.register("register_admin_viewset")
def channels() -> ChannelsGroup:
    return ChannelsGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [path("phat-hanh/", include("publishers.urls"))]


@hooks.register("insert_global_admin_js")
def alarm_banner() -> str:
    return banner.loader()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="publishers",
        codename__in=[
            "view_channel",
            "view_credential",
            "view_delivery",
            "change_delivery",
            "add_halt",
            "view_operator",
            "change_discrepancy",
        ],
    )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for action, label, message in (
        ("publishers.halt", _("Stop everything"), _("Everything stopped: %(reason)s")),
        ("publishers.resume", _("Go on sending"), _("Sending goes on after: %(reason)s")),
        ("publishers.resend", _("Send again"), _("Sent again to “%(channel)s”: %(reason)s")),
        ("publishers.cancel", _("Cancel a delivery"), _("Delivery to “%(channel)s” cancelled: %(reason)s")),
        ("publishers.mark_posted", _("Confirm a post"), _("Post on “%(channel)s” confirmed: %(reason)s")),
        ("publishers.schedule_now", _("Publish ahead of time"), _("Published by hand: %(reason)s")),
        ("publishers.schedule_change", _("Change the time"), _("Time of publication changed: %(reason)s")),
        ("publishers.schedule_cancel", _("Do not publish"), _("Publication cancelled: %(reason)s")),
        ("publishers.seal_broken", _("Seal broken"), _("Altered after it was approved")),
    ):
        actions.register_action(action)(_formatter(label, message))
    actions.register_action(
        "publishers.import_channels", _("Add many channels"), _("Channels added from a table")
    )


def _formatter(words: Any, sentence: Any) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        label = words

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            return str(sentence) % {"channel": data.get("channel", ""), "reason": data.get("reason") or "–"}

    return Formatter
