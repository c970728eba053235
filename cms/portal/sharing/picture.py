"""What the picture says, what it is called, and the drawing of it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.portal import addresses
from media.renderers.card import CardSpec, render_card
from scam_warnings.agency import AgencySettings

_DRAWING: Final = 1
"""Raised when the drawing changes: the same words then get another address."""


@dataclass(frozen=True, slots=True)
class SharePicture:
    """What a page says of the picture; ``width`` and ``height`` in pixels."""

    path: str
    url: str
    alt: str
    width: int
    height: int
    mime: str = "image/jpeg"


def picture(agency: AgencySettings, language: str) -> SharePicture:
    """The picture of ``agency`` for pages in ``language``. Nothing is drawn to name it."""
    spec = spec_of(agency, language)
    path = f"/chia-se/{name_of(spec)}.jpg"
    with override(language):
        alt = _("Scam warnings – %s") % agency.name if agency.name else _("Scam warnings")
    return SharePicture(path, addresses.absolute(path), alt, *spec.pixels)


def spec_of(agency: AgencySettings, language: str) -> CardSpec:
    """The words on the picture, in ``language`` whoever asks."""
    with override(language):
        return CardSpec(
            title=_("Recognise online scams, protect your family"),
            severity="info",
            severity_label=_("Official site"),
            kicker=" · ".join(filter(None, (agency.parent_name, agency.name))),
            agency=agency.name,
            url_text=urlsplit(settings.PUBLIC_URL).netloc,
        )


def name_of(spec: CardSpec) -> str:
    """The name of the file: it changes with everything that stands on the picture."""
    said = json.dumps([_DRAWING, asdict(spec)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def drawn(spec: CardSpec) -> bytes:
    """The JPEG, below 300 kB."""
    return render_card(spec)
