"""The queries behind the public pages of standing content: editions only, never a draft."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cms.information.editions import is_trusted
from cms.information.kinds import DRAWN_BY_PORTAL, ENGLISH, Kind, item_path
from cms.information.models import Edition
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.presentation import Card, card

MOST = 500
"""Entries of one list; more than an agency writes in years."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    url: str
    title: str
    summary: str
    approved_at: datetime
    law: dict[str, Any] | None = None
    issued_on: date | None = None

    day: date | None = None
    """What a document is sorted and found by: the day of issue, else the day it came into force."""


def find(kind: str, slug: str) -> Edition | None:
    """The edition at this address, withdrawals included; None when there is none, or it is not what was approved."""
    edition = Edition.objects.filter(kind=kind, slug=slug, is_current=True).first()
    return edition if edition is not None and is_trusted(edition) else None


def listed(kind: str, language: str = "vi") -> list[Entry]:
    """What the list of ``kind`` shows: documents of law newest first, everything else in its order."""
    rows = Edition.objects.filter(kind=kind, is_current=True, withdrawn=False).order_by("slug")[:MOST]
    found = [row for row in rows if language in row.content and is_trusted(row)]
    if kind == Kind.LAW:
        found.sort(key=lambda row: (_day(row.content["law"]) or date.min, row.slug), reverse=True)
    else:
        found.sort(key=lambda row: (row.content["position"], row.content[language]["title"]))
    return [entry(row, language) for row in found]


def entry(edition: Edition, language: str = "vi") -> Entry:
    """How a list shows ``edition``."""
    said, law = edition.content[language], edition.content.get("law")
    return Entry(
        url=item_path(edition.kind, edition.slug, language),
        title=said["title"],
        summary=said["summary"],
        approved_at=edition.approved_at,
        law=law,
        issued_on=date.fromisoformat(law["issued_on"]) if law and law["issued_on"] else None,
        day=_day(law) if law else None,
    )


def first_public(edition: Edition) -> datetime:
    """When the first edition at this address was approved."""
    first = Edition.objects.filter(item_id=edition.item_id).order_by("number").first()
    return first.approved_at if first is not None else edition.approved_at


def cards(pks: list[int]) -> list[Card]:
    """The chosen warnings as they stand on the portal today, in the order of choice, without withdrawn ones."""
    rows = PublishedWarning.objects.filter(page__in=pks).exclude(state=PublicState.WITHDRAWN)
    place = {pk: number for number, pk in enumerate(pks)}
    return [card(row) for row in sorted(rows, key=lambda row: place[row.page_id])]


def languages(edition: Edition) -> list[str]:
    """The languages ``edition`` speaks."""
    return ["vi", ENGLISH] if ENGLISH in edition.content else ["vi"]


def shown_in(edition: Edition) -> list[str]:
    """The languages in which ``edition`` has a page."""
    return ["vi"] if edition.kind in DRAWN_BY_PORTAL else languages(edition)


def _day(law: dict[str, Any]) -> date | None:
    known = law["issued_on"] or law["in_force_from"]
    return date.fromisoformat(known) if known else None
