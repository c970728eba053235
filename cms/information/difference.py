"""What a new edition changes, as lines that went and lines that came."""

from collections.abc import Iterator
from difflib import ndiff

from django.utils.translation import gettext as _

from cms.core.sanitise import plain_text
from cms.information.content import Content, texts
from cms.information.selfcheck import composing


def changed(before: Content, after: Content) -> list[tuple[str, str]]:
    """(``-`` or ``+``, line) for every line that differs; empty when readers see the same."""
    lines = [line for line in ndiff(_lines(before), _lines(after)) if line[0] in "-+"]
    if before.get("position") != after.get("position"):
        lines.append("+ " + _("Order in the list: %d") % after["position"])
    return [(line[0], line[2:]) for line in lines]


def _lines(content: Content) -> list[str]:
    if "check" in content:
        said = content["vi"]
        return [said["title"], said["summary"], *composing.lines(content["check"])]
    return [line for text in texts(content) for line in _split(text) if line]


def _split(text: str) -> Iterator[str]:
    yield from (plain_text(text) if "<" in text else text).splitlines()
