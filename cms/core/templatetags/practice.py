"""The strip above every page of an installation that only practises."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.core import practice

register = template.Library()


@register.simple_tag
def practising() -> bool:
    """Whether this installation only practises."""
    return practice.is_on()


@register.simple_tag
def practice_note() -> SafeString:
    """The strip; nothing on a real installation."""
    if not practice.is_on():
        return mark_safe("")
    return format_html(
        '<p class="practice-note" role="note"><strong>{}</strong> – {}</p>',
        _("Practice"),
        _("Not a real warning; nothing leaves this machine."),
    )
