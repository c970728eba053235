"""The building blocks of a warning's structured fields."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail import blocks


def source_kinds() -> list[tuple[str, str]]:
    """(key, name) of every kind of source, as the editor chooses them."""
    from scam_warnings.taxonomy import SourceKind

    return list(SourceKind.objects.values_list("key", "name"))


def registered_sources() -> list[tuple[str, str]]:
    """(key, name) of every registered official source."""
    from scam_warnings.official_sources import source_choices

    return source_choices()


class TermBlock(blocks.ChoiceBlock):
    """One of the terms people keep in a list, by its key."""

    def normalize_choice(self, value: Any) -> Any:
        """A key is a text, as it is stored: reading a page asks the database for no list of them."""
        return value if isinstance(value, str) else super().normalize_choice(value)


class SourceBlock(blocks.StructBlock):
    """One source the warning rests on: a registered official one, or another in free words."""

    registered = TermBlock(
        label=_("Registered official source"),
        choices=registered_sources,
        required=False,
        help_text=_("At least one source of every warning is a registered one."),
    )
    name = blocks.CharBlock(
        label=_("Name of the source"),
        max_length=250,
        required=False,
        help_text=_("The document or announcement; empty, the name of the registered source stands."),
    )
    kind = TermBlock(label=_("Kind of source"), choices=source_kinds, required=False)
    url = blocks.URLBlock(label=pgettext_lazy("of a web page", "Address"), required=False, max_length=500)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["registered"]:
            return cleaned
        missing = {
            name: ValidationError(_("This field is required."), code="required")
            for name in ("name", "kind")
            if not cleaned[name]
        }
        if missing:
            raise blocks.StructBlockValidationError(block_errors=missing)
        return cleaned

    class Meta:
        icon = "doc-full"
        label = _("Source")


class ItemBlock(blocks.TextBlock):
    """One point of a list: one action or one sign."""

    @cached_property
    def field(self) -> Any:
        """The form field; Wagtail's heading above a stream entry is no label to a screen reader."""
        field = super().field
        field.widget.attrs["aria-label"] = self.label
        return field

    class Meta:
        icon = "list-ul"
        label = _("Point")


def points() -> list[tuple[str, blocks.Block]]:
    """Child blocks of a list of points, at most 300 characters each."""
    return [("point", ItemBlock(max_length=300, rows=2))]


def sources() -> list[tuple[str, blocks.Block]]:
    """Child blocks of the list of sources."""
    return [("source", SourceBlock())]


def empty_point() -> list[tuple[str, str]]:
    """What a new list of points starts with: one field to type in."""
    return [("point", "")]


def empty_source() -> list[tuple[str, dict[str, str]]]:
    """What a new list of sources starts with."""
    return [("source", {"registered": "", "name": "", "kind": "", "url": ""})]
