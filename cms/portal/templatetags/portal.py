"""Small words of the portal's templates."""

import datetime as dt
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms.portal import addresses, menu, structured
from cms.portal.selfcheck import content as self_check
from scam_warnings.snapshot import Picture

register = template.Library()
_ICONS = Path(__file__).parents[1] / "templates" / "portal" / "icons"
_STATIC = Path(__file__).parents[1] / "static" / "portal"
# What may stand in an address between double quotes as it is; the fewer codes, the smaller the page.
_PLAIN = "!$&'()*+,/:;=?@"


@register.simple_tag
def icon(name: str) -> SafeString:
    """The inline SVG ``name``, hidden from screen readers: the word beside it says the same."""
    return _icon(name)


@register.simple_tag
def site_icon() -> SafeString:
    """The icon of the site as an address that holds it: no page asks for it by itself."""
    return _site_icon()


@register.simple_tag(takes_context=True)
def menu_links(context: Context, place: str) -> tuple[menu.Shown, ...]:
    """The links of one place of the menu (menu.Place)."""
    return _menu(context).shown(menu.Place(place))


@register.simple_tag(takes_context=True)
def footer_groups(context: Context) -> tuple[menu.Group, ...]:
    """The footer's groups of links."""
    return _menu(context).footer()


@register.simple_tag(takes_context=True)
def has_self_check(context: Context) -> bool:
    """Whether there is a self-check to lead to."""
    return _menu(context).is_open(self_check.is_open)


@register.simple_tag
def structured_data(data: object) -> SafeString:
    """``data`` as schema.org JSON-LD; a block of data, which no policy has to allow and no browser runs."""
    return structured.script(data)


@register.filter
def sealed(picture: Picture) -> str:
    """Path of a sealed picture."""
    return addresses.sealed(picture)


@register.filter(expects_localtime=True)
def day(moment: dt.date | None) -> str:
    """The day of ``moment``: 07/09/2026, and in English, where that could be July, 7 Sep 2026."""
    if not moment:
        return ""
    return date_format(moment, "j M Y" if get_language() == "en" else "d/m/Y")


@register.filter
def widths(picture: Picture) -> str:
    """The picture in each of its sizes, as ``srcset`` wants it."""
    return ", ".join(f"{addresses.sealed(one)} {one.width}w" for one in (*picture.smaller, picture))


@register.filter
def statement_path(reference: str) -> str:
    """Path of the signed statement about the warning with ``reference``."""
    return addresses.verify_data(reference.split(".", maxsplit=1)[0])


@register.filter
def severity_icon(severity: str) -> SafeString:
    """The icon of a severity key."""
    return _icon({"urgent": "urgent", "caution": "caution"}.get(severity, "info"))


def _menu(context: Context) -> menu.Menu:
    """The menu of the page; error pages have none and ask the database nothing."""
    found = context.get("menu")
    return found if isinstance(found, menu.Menu) else menu.Menu(asks=False)


@cache
def _icon(name: str) -> SafeString:
    return mark_safe((_ICONS / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S308  our own files


@cache
def _site_icon() -> SafeString:
    drawing = (_STATIC / "favicon.svg").read_text(encoding="utf-8").strip().replace('"', "'")
    return mark_safe(f"data:image/svg+xml,{quote(drawing, safe=_PLAIN)}")  # noqa: S308  our own file
