"""Choosing among many channels: checkboxes with a box to filter them by and a button for all that it shows."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _


class ChannelChoice(CheckboxSelectMultiple):
    """Plain checkboxes without a script; the script adds filter, choose-all and count."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        words = {
            "data-channel-choice": "",
            "data-filter": _("Filter the channels by name"),
            "data-all": _("Choose all that are shown"),
            "data-none": _("Choose none of those shown"),
            "data-count": _("%(count)s chosen"),
        }
        super().__init__(words | (attrs or {}))

    class Media:
        js = ("scam_warnings/channel_choice.js",)
        css = {"all": ("scam_warnings/channel_choice.css",)}
