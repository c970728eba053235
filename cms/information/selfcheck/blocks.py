"""What a communications officer fills in: questions with answers, outcomes, and the signs of a message."""

from typing import Any, Final

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail import blocks

from cms.portal import addresses

LEADS_TO: Final = "data-leads-to"
"""Marks the fields that self_check.js turns into a list of the questions and outcomes on the form."""
KEY: Final = "data-page-key"


class Verdict(models.TextChoices):
    """The keys stand in sealed editions: they never change. None of them says that something is safe."""

    CLEAR = "clear", _("Clear signs of a scam")
    UNSURE = "unsure", _("Not enough signs")
    NONE = "none", _("Not in our collection – which does not mean it is safe")
    VICTIM = "victim", _("Already lost something: act now")


def type_choices() -> list[tuple[str, str]]:
    """(key, name) of every scam type."""
    from scam_warnings.taxonomy import ScamType

    return list(ScamType.objects.order_by("sort_order").values_list("key", "name"))


class MarkedCharBlock(blocks.CharBlock):
    """A line of text whose field carries ``mark``, for the form's script."""

    def __init__(self, *, mark: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.widget.attrs[mark] = ""
        self.field.widget.attrs["autocomplete"] = "off"


def _key_block() -> MarkedCharBlock:
    return MarkedCharBlock(
        mark=KEY,
        label=_("Short name of the page"),
        max_length=60,
        validators=[
            RegexValidator(
                rf"^{addresses.SLUG_PATTERN}\Z", _("Use lower-case letters a–z, digits and single hyphens.")
            )
        ],
        help_text=_("Stands in the address: “cuoc-goi” gives /kiem-tra/cuoc-goi/. Filled in by itself."),
    )


class AnswerBlock(blocks.StructBlock):
    """One answer, and where it leads."""

    label = blocks.CharBlock(label=_("Answer"), max_length=140)
    leads_to = MarkedCharBlock(mark=LEADS_TO, label=_("Leads to"), max_length=60)

    class Meta:
        icon = "arrow-right"
        label = _("Answer")
        form_classname = "struct-block check-answer"
        label_format = "{label}"


class QuestionBlock(blocks.StructBlock):
    """One question; the first of the list opens the check."""

    question = blocks.CharBlock(label=_("Question"), max_length=160)
    help = blocks.CharBlock(
        label=_("Note below the question"),
        max_length=160,
        required=False,
        help_text=_("For example: “One of them is enough.”"),
    )
    answers = blocks.ListBlock(AnswerBlock(), label=_("Answers"), min_num=2, max_num=8)
    key = _key_block()

    class Meta:
        icon = "help"
        label = _("Question")
        label_format = "{question}"


class OutcomeBlock(blocks.StructBlock):
    """Where a way ends."""

    verdict = blocks.ChoiceBlock(label=_("Verdict"), choices=Verdict.choices)
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(
        label=_("What it means"),
        max_length=400,
        rows=3,
        help_text=_("One or two sentences. Never say that something is safe or is no scam."),
    )
    do = blocks.ListBlock(
        blocks.CharBlock(label=_("Step"), max_length=200), label=_("What to do now"), min_num=1, max_num=8
    )
    types = blocks.ListBlock(
        blocks.ChoiceBlock(label=_("Scam type"), choices=type_choices),
        label=_("Show warnings of these scam types"),
        default=[],
        max_num=6,
    )
    key = _key_block()

    class Meta:
        icon = "success"
        label = pgettext_lazy("self-check", "Outcome")
        label_format = "{title}"


class SignBlock(blocks.StructBlock):
    """What a pasted message may show."""

    label = blocks.CharBlock(
        label=pgettext_lazy("self-check", "Sign"),
        max_length=120,
        help_text=_("As the reader sees it: “Asks for a code or password”."),
    )
    weight = blocks.ChoiceBlock(
        label=_("How much it counts"),
        choices=[
            ("1", pgettext_lazy("sign of a scam", "A little")),
            ("2", pgettext_lazy("sign of a scam", "Clearly")),
            ("3", pgettext_lazy("sign of a scam", "Very much")),
        ],
        default="2",
    )
    phrases = blocks.TextBlock(
        label=_("Words that show it"),
        rows=4,
        max_length=2000,
        help_text=_("One phrase a line, with or without marks: “mã OTP”, “đọc mã”."),
    )

    class Meta:
        icon = "search"
        label = pgettext_lazy("self-check", "Sign")
        label_format = "{label}"
