"""Which pages a phone keeps for reading without a network, each with a mark that changes when the page does."""

import hashlib
import json
from typing import Any, Final

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import QuerySet

from cms.portal import reading
from cms.portal.models import PublishedWarning
from cms.portal.offline import addresses
from cms.portal.opendata.changes import LONG_COLUMNS
from scam_warnings.agency import AgencySettings

KEPT: Final = 50
_FILES: Final = (
    "portal/portal.css",
    "portal/data.css",
    "portal/offline.css",
    "portal/portal.js",
    "media/fonts/be-vietnam-pro-400-vi.woff2",
    "media/fonts/be-vietnam-pro-700-vi.woff2",
)


def warnings() -> QuerySet[PublishedWarning]:
    """The warnings a phone keeps: the newest, those out of force last."""
    return reading.listed()[:KEPT]


def files() -> list[str]:
    """Addresses of what every page needs around its words."""
    return [staticfiles_storage.url(name) for name in _FILES]


def listing() -> dict[str, Any]:
    """What stands in the file the worker compares with."""
    around = _mark([*files(), *_agency()])
    pages = [
        {"path": row.path, "mark": _mark([around, *_changing(row)])}
        for row in warnings().defer(*LONG_COLUMNS)
    ]
    of_all = _mark([around, *(page["mark"] for page in pages)])
    return {"pages": [{"path": addresses.PAGE, "mark": of_all}, *pages]}


def _changing(row: PublishedWarning) -> tuple[str, ...]:
    return row.path, row.payload_hash, str(row.release_number), row.state, str(row.is_expired()), row.note


def _agency() -> list[str]:
    agency = AgencySettings.load()
    names = ("name", "parent_name", "contact_person", "address", "phone", "email")
    return [str(getattr(agency, name)) for name in names]


def _mark(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]
