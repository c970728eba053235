"""Everything required is there."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.gates.content import label_of
from scam_warnings.gates.lengths import length_errors
from scam_warnings.models import ScamWarningPage

STREAMS: Final = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim", "sources")


def require_complete(page: ScamWarningPage) -> None:
    """Raise ValidationError, by field, for everything missing or invalid in ``page``.

    The model's own validation does not look into stream fields: that is the form's work, and drafts,
    imports and commands do not pass through the form.
    """
    errors: dict[str, Any] = {}
    try:
        page.full_clean()
    except ValidationError as error:
        errors.update(error.error_dict)
    for name in STREAMS:
        value = getattr(page, name)
        try:
            value.stream_block.clean(value)
        except ValidationError:
            label = str(page._meta.get_field(name).verbose_name)
            errors[name] = [_("“%s” is empty or has an incomplete entry.") % label]
    for name in ("scam_type", "category"):
        if getattr(page, name) is None:
            errors[name] = [_("This field is required.")]
    if not page.audiences.exists():
        errors["audiences"] = [_("This field is required.")]
    if errors:
        raise ValidationError(errors)


class CompleteGate(Gate):
    """All required fields are filled in and valid."""

    key = "complete"
    label = pgettext_lazy("a gate", "Complete")
    field = "title"

    def ask(self, subject: Subject) -> Result:
        try:
            require_complete(subject.page)
        except ValidationError as error:
            # What is only too long has its own gate.
            errors = {
                name: sentences
                for name, sentences in error.message_dict.items()
                if name not in length_errors(subject.page)
            }
            if errors:
                return self._missing(errors)
        return self.done(_("Every required part is there."))

    def _missing(self, errors: dict[str, list[str]]) -> Result:
        named = {name: _named(name) for name in errors}
        return self.not_done(
            _("Something required is missing or not valid."),
            _("Fill in what is listed here."),
            field=next((name for name, label in named.items() if label), self.field),
            details=[
                f"{named[name]}: {' '.join(texts)}" if named[name] else " ".join(texts)
                for name, texts in errors.items()
            ],
            errors=errors,
        )


def _named(field: str) -> str:
    return "" if field == "__all__" else label_of(field)
