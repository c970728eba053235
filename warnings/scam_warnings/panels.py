"""How the editor's form is laid out: content, forms per channel, classification, channels."""

from typing import Any

from django.forms import CheckboxSelectMultiple, Select
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)

from scam_warnings.channel_choice import ChannelChoice
from scam_warnings.compose import SMS_LIMIT
from scam_warnings.counted import FACEBOOK_BODY, LOUDSPEAKER_LIMIT, TITLE_LIMIT, ZALO_BODY, counted
from scam_warnings.english import STREAMS, SUMMARY_LIMIT


class TitlePanel(TitleFieldPanel):
    """A title that writes no slug along: Wagtail's script drops every Vietnamese letter with a mark."""

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_attrs(self) -> dict[str, Any]:
            return {name: value for name, value in super().get_attrs().items() if name == "placeholder"}


def warning_edit_handler() -> TabbedInterface:
    """The tabs of the editor."""
    content = ObjectList(
        [
            TitlePanel(
                "title",
                placeholder=_("For example: Fake tax officers ask to install an app"),
                widget=counted("utf16", TITLE_LIMIT),
            ),
            FieldPanel("summary", widget=counted("utf16", 200)),
            FieldPanel("correction_note", widget=counted("utf16", 300)),
            FieldPanel("image"),
            FieldPanel("how_it_works"),
            FieldPanel("warning_signs"),
            FieldPanel("what_to_do"),
            FieldPanel("if_you_are_a_victim"),
            FieldPanel("sample_message"),
            FieldPanel("indicators"),
            FieldPanel("details"),
            FieldPanel("sources"),
        ],
        heading=_("Content"),
    )
    english = ObjectList(
        [
            HelpPanel(
                _(
                    "Leave everything empty if there is no English version. Once anything is written here, everything "
                    "the public reads is translated; it is approved together with the Vietnamese text."
                )
            ),
            FieldPanel("title_en"),
            FieldPanel("summary_en", widget=counted("utf16", SUMMARY_LIMIT)),
            FieldPanel("correction_note_en", widget=counted("utf16", 300)),
            FieldPanel("image_description_en"),
            FieldPanel("image_credit_en"),
            *(FieldPanel(name) for name in STREAMS),
            FieldPanel("sample_message_en"),
            FieldPanel("details_en"),
        ],
        heading=_("English version"),
    )
    texts = ObjectList(
        [
            HelpPanel(
                _("Leave a text empty to have it made from the content; the preview shows the result.")
            ),
            FieldPanel("facebook_text", widget=counted("utf16", FACEBOOK_BODY)),
            FieldPanel("zalo_text", widget=counted("utf16", ZALO_BODY)),
            FieldPanel("sms_text", widget=counted("gsm7", SMS_LIMIT)),
            FieldPanel("loudspeaker_script", widget=counted("utf16", LOUDSPEAKER_LIMIT)),
            FieldPanel("hashtags"),
        ],
        heading=_("Text per channel"),
    )
    classification = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("severity"),
                    FieldPanel("scam_type", widget=Select),
                    FieldPanel("category", widget=Select),
                ],
                heading=_("Classification"),
            ),
            FieldPanel("unit", widget=Select),
            FieldPanel("audiences", widget=CheckboxSelectMultiple, required_on_save=False),
            MultiFieldPanel(
                [FieldPanel("valid_from"), FieldPanel("expires_on"), FieldPanel("review_on")],
                heading=_("Validity"),
            ),
            FieldPanel("slug"),
        ],
        heading=_("Classification"),
    )
    channels = ObjectList(
        [
            HelpPanel(_("Every warning goes to the public portal. Choose where else it goes.")),
            FieldPanel("channels", widget=ChannelChoice),
        ],
        heading=_("Channels"),
    )
    deliveries = ObjectList(
        [HelpPanel(template="scam_warnings/panels/deliveries.html")], heading=_("Deliveries")
    )
    return TabbedInterface([content, english, texts, classification, channels, deliveries])
