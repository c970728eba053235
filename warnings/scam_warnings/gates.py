"""What a warning must have before it can be submitted or signed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from scam_warnings.models import ScamWarningPage

STREAMS = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim", "sources")


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
