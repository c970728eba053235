"""Small words of the portal's templates."""

from functools import cache
from pathlib import Path

from django import template
from django.utils.safestring import SafeString, mark_safe

from cms.portal import addresses
from scam_warnings.snapshot import Picture

register = template.Library()
_ICONS = Path(__file__).parents[1] / "templates" / "portal" / "icons"


@register.simple_tag
def icon(name: str) -> SafeString:
    """The inline SVG ``name``, hidden from screen readers: the word beside it says the same."""
    return _icon(name)


@register.filter
def sealed(picture: Picture) -> str:
    """Path of a sealed picture."""
    return addresses.sealed(picture)


@register.filter
def severity_icon(severity: str) -> SafeString:
    """The icon of a severity key."""
    return _icon({"urgent": "urgent", "caution": "caution"}.get(severity, "info"))


@cache
def _icon(name: str) -> SafeString:
    return mark_safe((_ICONS / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S308  our own files
