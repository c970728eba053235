"""The editing form of standing content."""

from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, TabbedInterface

from cms.information.forms import ItemForm, SelfCheckForm

# A hidden field needs no heading.
_SEEN = FieldPanel("seen_version", classname="w-hidden")


def edit_handler(*, law: bool) -> TabbedInterface:
    """Vietnamese, English, and the facts around them."""
    facts = (
        [
            FieldRowPanel([FieldPanel("document_type"), FieldPanel("number")]),
            FieldRowPanel([FieldPanel("issuer"), FieldPanel("issued_on")]),
            FieldRowPanel([FieldPanel("in_force_from"), FieldPanel("ended_on")]),
            FieldPanel("source_url"),
        ]
        if law
        else [FieldPanel("kind")]
    )
    vietnamese = [
        *facts,
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("body"),
        _SEEN,
    ]
    return TabbedInterface(
        [
            ObjectList(vietnamese, heading=_("Content")),
            ObjectList(
                [FieldPanel("title_en"), FieldPanel("summary_en"), FieldPanel("body_en")],
                heading=_("English version"),
            ),
            ObjectList([FieldPanel("slug"), FieldPanel("position")], heading=_("Address and order")),
        ],
        base_form_class=ItemForm,
    )


def self_check_handler() -> TabbedInterface:
    """Opening words, questions, outcomes, and what a pasted message is compared with."""
    return TabbedInterface(
        [
            ObjectList(
                [FieldPanel("title"), FieldPanel("summary"), _SEEN],
                heading=_("Opening words"),
            ),
            ObjectList([FieldPanel("questions")], heading=_("Questions")),
            ObjectList([FieldPanel("outcomes")], heading=_("Outcomes")),
            ObjectList(
                [
                    FieldPanel("advice_clear"),
                    FieldPanel("advice_unsure"),
                    FieldPanel("advice_none"),
                    FieldPanel("signs"),
                ],
                heading=_("Checking a message"),
            ),
        ],
        base_form_class=SelfCheckForm,
    )
