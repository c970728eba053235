"""The English version of a warning: an optional translation of everything the public reads, signed with it."""

from typing import Any, Final

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField, StreamField

from cms.core.sanitise import RICH_TEXT, clean_html, plain_text
from cms.core.text import collapse, nfc
from scam_warnings import blocks
from scam_warnings.compose import neutral_sample

TITLE_LIMIT: Final = 120
SUMMARY_LIMIT: Final = 300
LISTS: Final = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim")
LINES: Final = (
    "title_en",
    "summary_en",
    "image_description_en",
    "image_credit_en",
    "correction_note_en",
)
"""Texts of one paragraph."""
TEXTS: Final = (*LINES, "sample_message_en", "details_en")
STREAMS: Final = tuple(f"{name}_en" for name in LISTS)


class EnglishText(ClusterableModel):
    """The English fields of a warning. All empty: it has no English version."""

    title_en = models.CharField(_("English title"), max_length=TITLE_LIMIT, blank=True)
    summary_en = models.TextField(
        _("English summary"), blank=True, validators=[MaxLengthValidator(SUMMARY_LIMIT)]
    )
    correction_note_en = models.CharField(
        _("what was corrected, in English (public)"), max_length=300, blank=True
    )
    image_description_en = models.CharField(_("image description in English"), max_length=255, blank=True)
    image_credit_en = models.CharField(
        _("image credit in English"),
        max_length=255,
        blank=True,
        help_text=_("Empty: the credit stands as it is in Vietnamese."),
    )
    how_it_works_en = StreamField(
        blocks.points(), verbose_name=_("How it works (English)"), blank=True, max_num=8
    )
    warning_signs_en = StreamField(
        blocks.points(), verbose_name=_("Warning signs (English)"), blank=True, max_num=8
    )
    what_to_do_en = StreamField(
        blocks.points(), verbose_name=_("What to do (English)"), blank=True, max_num=8
    )
    if_you_are_a_victim_en = StreamField(
        blocks.points(), verbose_name=_("If you are a victim (English)"), blank=True, max_num=8
    )
    sample_message_en = models.TextField(
        _("sample scam message in English"),
        blank=True,
        validators=[MaxLengthValidator(800)],
        help_text=_("Always shown as an example; web addresses are made unclickable when you save."),
    )
    details_en = RichTextField(
        _("further information in English"),
        blank=True,
        features=["h3", "bold", "italic", "ul", "ol", "link"],
    )

    class Meta:
        abstract = True

    @property
    def has_english(self) -> bool:
        """Whether anything is written in English."""
        texts = (getattr(self, name) or "" for name in TEXTS)
        return any(plain_text(text) for text in texts) or any(len(getattr(self, name)) for name in STREAMS)

    def normalise_english(self) -> None:
        """Bring the English texts to the one form they are stored in, as the Vietnamese ones."""
        for name in LINES:
            setattr(self, name, _line(getattr(self, name)))
        self.sample_message_en = neutral_sample(self.sample_message_en or "")
        # The editor sends an empty paragraph for nothing.
        self.details_en = clean_html(self.details_en, RICH_TEXT) if plain_text(self.details_en or "") else ""


def _line(value: Any) -> str:
    text = str(value or "")
    return collapse(plain_text(text) if "<" in text else nfc(text))
