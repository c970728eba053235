"""The building blocks of standing content: few, and each with one look."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail import blocks

_RICH = ["h3", "bold", "italic", "ul", "ol", "link"]


class PointsBlock(blocks.StructBlock):
    """A list of short points."""

    style = blocks.ChoiceBlock(
        label=_("Style"),
        choices=[
            ("steps", _("Numbered steps")),
            ("do", _("What to do")),
            ("signs", _("Warning signs")),
            ("plain", _("Plain points")),
        ],
        default="do",
    )
    items = blocks.ListBlock(blocks.TextBlock(label=_("Point"), max_length=400, rows=2), label=_("Points"))

    class Meta:
        icon = "list-ul"
        label = _("Points")


class PairsBlock(blocks.StructBlock):
    """A trick with its answer, a question with its answer, a number with what it counts."""

    first = blocks.CharBlock(label=_("Left heading"), max_length=60)
    second = blocks.CharBlock(label=_("Right heading"), max_length=60)
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("first", blocks.TextBlock(label=_("Left"), max_length=300, rows=2)),
                ("second", blocks.TextBlock(label=_("Right"), max_length=400, rows=2)),
            ],
            label=_("Row"),
        ),
        label=_("Rows"),
    )

    class Meta:
        icon = "table"
        label = _("Two columns")


class CalloutBlock(blocks.StructBlock):
    """One thing nobody should miss."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Paragraph"), max_length=800, rows=3)

    class Meta:
        icon = "warning"
        label = _("Highlighted note")


class LinkBlock(blocks.StructBlock):
    """One address; only official hosts become clickable."""

    name = blocks.CharBlock(label=_("Name"), max_length=250)
    url = blocks.URLBlock(label=pgettext_lazy("of a web page", "Address"), max_length=500, required=False)
    note = blocks.CharBlock(label=_("Note"), max_length=250, required=False)

    class Meta:
        icon = "link"
        label = _("Link or source")


def channel_choices() -> list[tuple[str, str]]:
    """(key, name) of every channel that somebody outside can visit."""
    from cms.information.accounts import visitable

    return [(str(channel.pk), channel.name) for channel in visitable()]


class AccountBlock(blocks.StructBlock):
    """One account that is really the agency's."""

    channel = blocks.ChoiceBlock(
        label=_("Channel"),
        choices=channel_choices,
        required=False,
        help_text=_("Name and address are taken from the channel when the page is approved."),
    )
    name = blocks.CharBlock(label=_("Name"), max_length=160, required=False)
    platform = blocks.CharBlock(label=_("Platform"), max_length=60, required=False)
    url = blocks.URLBlock(label=pgettext_lazy("of a web page", "Address"), max_length=500, required=False)

    class Meta:
        icon = "user"
        label = _("Official account")


def body_blocks(*, accounts: bool = True) -> list[tuple[str, blocks.Block]]:
    """Child blocks of a text."""
    found: list[tuple[str, Any]] = [
        ("heading", blocks.CharBlock(label=_("Heading"), max_length=120, icon="title")),
        ("text", blocks.RichTextBlock(label=_("Paragraph"), features=_RICH, icon="pilcrow")),
        ("points", PointsBlock()),
        ("pairs", PairsBlock()),
        ("callout", CalloutBlock()),
        ("links", blocks.ListBlock(LinkBlock(), label=_("Links and sources"), icon="link")),
        (
            "hotlines",
            blocks.StaticBlock(
                label=_("Hotlines"),
                admin_text=_("The hotlines shown to the public, as they are when this is approved."),
                icon="comment",
            ),
        ),
    ]
    if accounts:
        found += [
            ("accounts", blocks.ListBlock(AccountBlock(), label=_("Official accounts"), icon="user")),
            (
                "warnings",
                blocks.ListBlock(
                    blocks.PageChooserBlock(
                        label=_("Warning"), page_type="scam_warnings.ScamWarningPage", required=True
                    ),
                    label=_("Chosen warnings"),
                    icon="warning",
                ),
            ),
        ]
    return found
