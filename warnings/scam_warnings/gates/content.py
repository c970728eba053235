"""Every text of a warning that anybody outside could ever read, field by field."""

from dataclasses import dataclass

from cms.core.sanitise import plain_text
from scam_warnings import english
from scam_warnings.models import ScamWarningPage

_PLAIN = (
    "title",
    "summary",
    "correction_note",
    "sample_message",
    "facebook_text",
    "zalo_text",
    "sms_text",
    "loudspeaker_script",
    "hashtags",
    "seo_title",
    "search_description",
    "sample_message_en",
    *english.LINES,
)
POINTS = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim")
_LISTS = (*POINTS, *english.STREAMS)


@dataclass(frozen=True, slots=True)
class FieldText:
    """One text: the field of the editor, what people call it, and the words."""

    field: str
    label: str
    text: str


def label_of(name: str) -> str:
    """What the editor's form calls the field ``name``."""
    label = str(ScamWarningPage._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def texts(page: ScamWarningPage) -> list[FieldText]:
    """The texts of ``page`` that are not empty, each with its field."""
    found = [(name, getattr(page, name) or "") for name in _PLAIN]
    found += [(name, str(child.value or "")) for name in _LISTS for child in getattr(page, name) or ()]
    for name in ("details", "details_en"):
        markup = getattr(page, name) or ""
        # An address in the markup shows in no text.
        found += [(name, plain_text(markup)), (name, " ".join(_targets(markup)))]
    for child in page.sources or ():
        found += [("sources", child.value["name"] or ""), ("sources", child.value["url"] or "")]
    found += [("indicators", child.value["value"] or "") for child in page.indicators or ()]
    if page.image is not None:
        found += [("image", text) for text in (page.image.title, page.image.description, page.image.credit)]
    return [FieldText(name, label_of(name), text) for name, text in found if text.strip()]


def _targets(markup: str) -> list[str]:
    return [part.partition('"')[0] for part in markup.split('href="')[1:]]
