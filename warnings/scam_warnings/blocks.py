"""The building blocks of a warning's structured fields."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail import blocks


def source_kinds() -> list[tuple[str, str]]:
    """(key, name) of every kind of source, as the editor chooses them."""
    from scam_warnings.taxonomy import SourceKind

    return list(SourceKind.objects.values_list("key", "name"))


class SourceBlock(blocks.StructBlock):
    """One source the warning rests on."""

    name = blocks.CharBlock(label=_("Name of the source"), max_length=250)
    kind = blocks.ChoiceBlock(label=_("Kind of source"), choices=source_kinds)
    url = blocks.URLBlock(label=pgettext_lazy("of a web page", "Address"), required=False, max_length=500)

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
    return [("source", {"name": "", "kind": "", "url": ""})]
