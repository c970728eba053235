"""An English version is whole, or there is none."""

from collections.abc import Iterator
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.sanitise import plain_text
from scam_warnings import english
from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.gates.content import label_of
from scam_warnings.models import ScamWarningPage

_ALWAYS: Final = ("title_en", "summary_en", *english.STREAMS)
_WITH: Final = {
    "details": "details_en",
    "sample_message": "sample_message_en",
    "correction_note": "correction_note_en",
    "image": "image_description_en",
}
"""Needed in English exactly where it stands in Vietnamese."""


class EnglishGate(Gate):
    """Whoever reads English gets everything the Vietnamese page says, or no English page at all."""

    key = "english"
    label = gettext_lazy("English version")
    field = "title_en"

    def ask(self, subject: Subject) -> Result:
        page = subject.page
        if not page.has_english:
            return self.done(_("The warning has no English version."))
        errors = dict(_errors(page))
        if errors:
            return self.not_done(
                _("The English version is not complete."),
                _("Fill in what is listed here, or empty every field of the tab “English version”."),
                field=next(iter(errors)),
                details=[f"{label_of(name)}: {' '.join(said)}" for name, said in errors.items()],
                errors=errors,
            )
        uneven = [name for name in english.LISTS if _count(page, name) != _count(page, f"{name}_en")]
        if uneven:
            return self.hint(
                _("A list has more points in one language than in the other."),
                _("Check that the English version says the same as the Vietnamese one."),
                field=f"{uneven[0]}_en",
                details=[
                    _("%(list)s: %(vi)d in Vietnamese, %(en)d in English")
                    % {
                        "list": label_of(name),
                        "vi": _count(page, name),
                        "en": _count(page, f"{name}_en"),
                    }
                    for name in uneven
                ],
            )
        return self.done(_("The English version is complete."))


def _errors(page: ScamWarningPage) -> Iterator[tuple[str, list[str]]]:
    for name in _ALWAYS:
        value = getattr(page, name)
        if not value:
            yield name, [_("It is missing in English.")]
        elif name in english.STREAMS:
            try:
                value.stream_block.clean(value)
            except ValidationError:
                yield name, [_("“%s” is empty or has an incomplete entry.") % label_of(name)]
    for original, translated in _WITH.items():
        if _stands(page, original) and not _stands(page, translated):
            yield translated, [_("It is missing in English.")]
        elif _stands(page, translated) and not _stands(page, original):
            yield translated, [_("There is nothing in Vietnamese that it translates.")]


def _stands(page: ScamWarningPage, name: str) -> bool:
    value = getattr(page, name)
    # The editor leaves an empty paragraph behind.
    return bool(plain_text(value) if isinstance(value, str) else value)


def _count(page: ScamWarningPage, name: str) -> int:
    return sum(1 for child in getattr(page, name) if str(child.value or "").strip())
