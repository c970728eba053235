"""The lists of the open data. Their files are bounded, and one publication changes few of them."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Max

from cms.portal import addresses, reading
from cms.portal.audiences import INTERNAL
from cms.portal.models import PublishedWarning
from cms.portal.opendata import addresses as data_addresses
from cms.portal.opendata import changes, records

PER_PAGE: Final = 100
NEWEST: Final = 50
_LOOKED_AT: Final = 500
"""So many of the newest warnings say which audiences there are."""

Document = dict[str, Any]


def newest() -> Document:
    """The newest warnings, and where the pages with all of them begin."""
    last = last_page()
    return {
        "warnings": [records.summary(row) for row in reading.listed()[:NEWEST]],
        "pages": last,
        "first_page": addresses.absolute(data_addresses.warning_page(1)) if last else None,
        "last_page": addresses.absolute(data_addresses.warning_page(last)) if last else None,
    }


def page(number: int) -> Document | None:
    """Page ``number`` (from 1) of all warnings, the oldest first; None when there is no such page.

    A warning stays on its page for ever; one that was withdrawn leaves it, and nothing moves up.
    """
    last = last_page()
    if not 1 <= number <= last:
        return None
    first = (number - 1) * PER_PAGE
    rows = reading.listed().filter(pk__gt=first, pk__lte=first + PER_PAGE).order_by("pk")
    return {
        "warnings": [records.summary(row) for row in rows],
        **_neighbours(number, last, data_addresses.warning_page),
    }


def last_page() -> int:
    """The number of the last page of warnings; 0 when nothing was ever public."""
    last = PublishedWarning.objects.aggregate(last=Max("pk"))["last"]
    return page_of(last) if last else 0


def page_of(pk: int) -> int:
    """The page of the warning with row number ``pk``."""
    return (pk - 1) // PER_PAGE + 1


def newest_changes() -> Document:
    """The last changes, newest first, and the page that goes on from them."""
    rows = changes.newest()
    last = changes.last_page()
    return {
        "changes": [records.change(row) for row in rows],
        "last_page": addresses.absolute(data_addresses.changes_page(last)) if last else None,
    }


def changes_page(number: int) -> Document | None:
    """Page ``number`` (from 1) of all changes, the oldest first; None when there is no such page."""
    last = changes.last_page()
    if not 1 <= number <= last:
        return None
    return {
        "changes": [records.change(row) for row in changes.page(number)],
        **_neighbours(number, last, data_addresses.changes_page),
    }


def types() -> Document:
    """The scam types with public warnings, as these name them."""
    return {
        "scam_type_groups": [
            {
                "key": group.key,
                "name": group.name,
                "scam_types": [
                    {
                        "key": entry.key,
                        "name": entry.name,
                        "official_no": entry.official_no,
                        "count": entry.count,
                        "url": addresses.absolute(addresses.scam_type(entry.key)),
                        "feed_url": addresses.absolute(addresses.feeds_of(entry.key)[2]),
                    }
                    for entry in group.types
                ],
            }
            for group in reading.type_groups()
        ]
    }


def audiences() -> Document:
    """The audiences the newest warnings speak to, as these name them."""
    names: dict[str, str] = {}
    for sealed in reading.listed().values_list("snapshot__audiences", flat=True)[:_LOOKED_AT]:
        for entry in sealed or ():
            names.setdefault(entry["key"], entry["name"])
    return {
        "audiences": [
            {"key": key, "name": name} for key, name in sorted(names.items()) if key not in INTERNAL
        ]
    }


def everything() -> Document:
    """Every public warning in full, the oldest first. As long as there are warnings: renewed every hour only."""
    return {"warnings": [records.full(row) for row in reading.listed().order_by("pk").iterator(200)]}


def _neighbours(number: int, last: int, path_of: Callable[[int], str]) -> Document:
    return {
        "page": number,
        "previous": addresses.absolute(path_of(number - 1)) if number > 1 else None,
        "next": addresses.absolute(path_of(number + 1)) if number < last else None,
    }
