"""Standing content in the portal's search."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cms.core.sanitise import plain_text
from cms.information import reading
from cms.information.content import texts
from cms.information.editions import is_trusted
from cms.information.kinds import Kind, item_path
from cms.information.models import Edition
from cms.portal.search.standing import StandingPage


def state() -> tuple[Any, ...]:
    """Changes with every approval and withdrawal."""
    return tuple(_public().values_list("pk", "mac"))


def pages(language: str) -> Iterator[StandingPage]:
    """Every page that is public in ``language``."""
    for edition in _public():
        if is_trusted(edition) and language in reading.shown_in(edition):
            yield _page(edition, language)


def _public() -> Any:
    return Edition.objects.filter(is_current=True, withdrawn=False).order_by("kind", "slug")


def _page(edition: Edition, language: str) -> StandingPage:
    said = edition.content[language]
    spoken = [said["body"]]
    if language == "vi":
        spoken += [edition.content.get("law", {}), edition.content.get("check", {})]
    words = [plain_text(text) if "<" in text else text for text in texts({"all": spoken})]
    kind = _("Scam type") if edition.kind == Kind.SCAM_TYPE else str(Kind(edition.kind).label)
    return StandingPage(
        item_path(edition.kind, edition.slug, language), kind, said["title"], said["summary"], " ".join(words)
    )
