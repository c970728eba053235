"""Every text fits the channels it is for."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scam_warnings import english
from scam_warnings.gates.base import Gate, Result, Subject
from scam_warnings.gates.content import label_of
from scam_warnings.models import ScamWarningPage

_LIMITED = (
    "title",
    "summary",
    "correction_note",
    "sample_message",
    "facebook_text",
    "zalo_text",
    "sms_text",
    "loudspeaker_script",
    "sample_message_en",
    *english.LINES,
)


def length_errors(page: ScamWarningPage) -> dict[str, list[str]]:
    """What is too long for its channel in ``page``, by field."""
    errors: dict[str, list[str]] = {}
    for name in _LIMITED:
        value = getattr(page, name)
        if not value:
            continue
        try:
            page._meta.get_field(name).run_validators(value)
        except ValidationError as error:
            errors[name] = list(error.messages)
    try:
        page.clean()
    except ValidationError as error:
        if "title" in error.message_dict:
            errors["title"] = error.message_dict["title"]
    return errors


class LengthsGate(Gate):
    """The hand-written texts are within what each channel takes."""

    key = "lengths"
    label = gettext_lazy("Lengths per channel")
    field = "facebook_text"

    def ask(self, subject: Subject) -> Result:
        errors = length_errors(subject.page)
        if not errors:
            return self.done(_("Every text fits its channel."))
        return self.not_done(
            _("A text does not fit its channel."),
            _("Shorten it; the counter below the field shows how much is left."),
            field=next(iter(errors)),
            details=[f"{label_of(name)}: {' '.join(texts)}" for name, texts in errors.items()],
            errors=errors,
        )
