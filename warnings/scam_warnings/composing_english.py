"""The English part of a snapshot: the translation, and the English names of everything around it."""

from collections.abc import Iterable

from django.utils.translation import override

from wagtail.blocks import StreamValue

from cms.core.sanitise import RICH_TEXT, clean_html
from cms.core.text import collapse
from scam_warnings.compose import neutral_sample
from scam_warnings.enums import Severity
from scam_warnings.indicators import IndicatorKind
from scam_warnings.models import ScamWarningPage
from scam_warnings.snapshot import English, HotlineRef, IndicatorRef, Named
from scam_warnings.taxonomy import Audience, Hotline

ENGLISH = "en"


def english_of(page: ScamWarningPage, indicators: Iterable[IndicatorRef]) -> English | None:
    """What ``page`` says in English, unfinished or not; None when nothing is written in English.

    Where the taxonomy has no English name the Vietnamese one stands.
    """
    if not page.has_english:
        return None
    scam_type, category = page.scam_type, page.category
    with override(ENGLISH):
        severity = str(Severity(page.severity or Severity.CAUTION).label)
        labels = tuple(str(IndicatorKind(item.kind).label) for item in indicators)
    return English(
        title=collapse(page.title_en),
        summary=collapse(page.summary_en),
        severity=severity,
        scam_type=scam_type.english_name if scam_type else "",
        scam_type_group=scam_type.group.english_name if scam_type else "",
        category=category.english_name if category else "",
        audiences=tuple(
            Named(item.key, item.english_name)
            for item in page.audiences.all()
            if item.scope == Audience.Scope.PUBLIC
        ),
        how_it_works=points_of(page.how_it_works_en),
        warning_signs=points_of(page.warning_signs_en),
        what_to_do=points_of(page.what_to_do_en),
        if_you_are_a_victim=points_of(page.if_you_are_a_victim_en),
        details_html=clean_html(page.details_en or "", RICH_TEXT),
        sample_message=neutral_sample(page.sample_message_en or ""),
        hotlines=tuple(
            HotlineRef(item.english_name, item.value, item.kind, item.use_en or item.use)
            for item in Hotline.objects.filter(shown=True)
        ),
        indicator_labels=labels,
        image_alt=collapse(page.image_description_en) if page.image else "",
        image_credit=collapse(page.image_credit_en) if page.image else "",
        correction_note=collapse(page.correction_note_en),
    )


def points_of(value: StreamValue) -> tuple[str, ...]:
    """The points of a list that are not empty."""
    return tuple(text for child in value or () if (text := collapse(str(child.value or ""))))
