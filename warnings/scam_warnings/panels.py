"""How the editor's form is laid out: content, forms per channel, classification, channels."""

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
from scam_warnings.counted import FACEBOOK_BODY, LOUDSPEAKER_LIMIT, ZALO_BODY, counted


def warning_edit_handler() -> TabbedInterface:
    """The tabs of the editor."""
    content = ObjectList(
        [
            # No live slug: Wagtail's script drops every Vietnamese letter with a mark.
            TitleFieldPanel(
                "title", targets=[], placeholder=_("For example: Fake tax officers ask to install an app")
            ),
            FieldPanel("summary", widget=counted("utf16", 200)),
            FieldPanel("correction_note", widget=counted("utf16", 300)),
            FieldPanel("image"),
            FieldPanel("how_it_works"),
            FieldPanel("warning_signs"),
            FieldPanel("what_to_do"),
            FieldPanel("if_you_are_a_victim"),
            FieldPanel("sample_message"),
            FieldPanel("details"),
            FieldPanel("sources"),
        ],
        heading=_("Content"),
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
            FieldPanel("audiences", widget=CheckboxSelectMultiple, required_on_save=False),
            MultiFieldPanel([FieldPanel("valid_from"), FieldPanel("expires_on")], heading=_("Validity")),
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
    return TabbedInterface([content, texts, classification, channels, deliveries])
