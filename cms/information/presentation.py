"""What the templates see of an edition; the same for the public page and for the approver's."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from cms.information import reading
from cms.information.content import Content
from cms.information.kinds import DRAWN_BY_PORTAL, ENGLISH, FOLDERS, Kind, item_path, list_path
from cms.information.models import Edition
from cms.portal import addresses
from cms.portal import reading as portal_reading
from cms.portal.models import PublishedWarning
from cms.portal.presentation import contacts, safe_details, source_line
from scam_warnings.snapshot import HotlineRef, SourceRef


def context(edition: Edition, language: str) -> dict[str, Any]:
    """The context of ``information/page.html`` for what is public."""
    return of_content(
        edition.content,
        language,
        number=edition.number,
        approved_at=edition.approved_at,
        first_at=reading.first_public(edition),
        withdrawn=edition.withdrawn,
        note=edition.note,
    )


def of_content(
    content: Content,
    language: str,
    *,
    number: int = 0,
    approved_at: datetime | None = None,
    first_at: datetime | None = None,
    withdrawn: bool = False,
    note: str = "",
) -> dict[str, Any]:
    """The same for ``content`` that may not be public yet."""
    kind, slug, said = content["kind"], content["slug"], content[language]
    spoken = [
        name for name in ("vi", "en") if name in content and not (kind in DRAWN_BY_PORTAL and name == "en")
    ]
    return {
        "kind": kind,
        "kind_name": Kind(kind).label,
        "list_path": list_path(kind, language) if kind in FOLDERS else "",
        "said": said,
        "blocks": blocks(said["body"]),
        "law": law_facts(content["law"]) if "law" in content else None,
        "number": number,
        "approved_at": approved_at,
        "first_at": first_at if first_at != approved_at else None,
        "withdrawn": withdrawn,
        "note": note,
        "is_about": kind == Kind.ABOUT,
        "section": kind,
        "path": item_path(kind, slug, language),
        "alternates": {name: addresses.absolute(item_path(kind, slug, name)) for name in spoken}
        if len(spoken) > 1 and not withdrawn
        else {},
    }


def blocks(body: Any) -> list[dict[str, Any]]:
    """Sealed blocks as the template draws them: text cleaned once more, addresses only of official hosts clickable."""
    drawn, below = [], "h2"
    for block in body:
        if block["type"] == "heading":
            below = "h3"
        # Cards have headings of their own: one level below what stands above them.
        drawn.append(_block(block) | {"below": below})
    return drawn


def law_facts(law: dict[str, Any]) -> dict[str, Any]:
    """The facts of a document of law, dates as dates, and whether it is in force today."""
    days = {name: _day(law[name]) for name in ("issued_on", "in_force_from", "ended_on")}
    today = timezone.localdate()
    ended = days["ended_on"] is not None and days["ended_on"] <= today
    coming = days["in_force_from"] is not None and days["in_force_from"] > today
    return {
        **law,
        **days,
        "status": "ended" if ended else "coming" if coming else "in_force" if days["in_force_from"] else "",
        "source": source_line(SourceRef(law["source_url"], "law", law["source_url"]))
        if law["source_url"]
        else None,
    }


def english_hotlines(lead: PublishedWarning | None) -> dict[str, Any]:
    """The hotlines of ``lead``, a warning in English, else of the one that leads the Vietnamese home; their language.

    They were confirmed when it was sealed.
    """
    if lead is not None and (english := lead.content().english):
        return {"hotlines": contacts(english.hotlines), "hotlines_language": ENGLISH}
    first = portal_reading.home_warnings()[0]
    known = contacts(first.content().hotlines) if first is not None else []
    return {"hotlines": known, "hotlines_language": "vi"}


def _block(block: dict[str, Any]) -> dict[str, Any]:
    draw = _DRAWN.get(block["type"])
    return {**block, **draw(block)} if draw is not None else block


def _links(block: dict[str, Any]) -> dict[str, Any]:
    return {
        "rows": [(source_line(SourceRef(row["name"], "", row["url"])), row["note"]) for row in block["items"]]
    }


def _accounts(block: dict[str, Any]) -> dict[str, Any]:
    # Approved as really the agency's: the one place where an address on a platform is a link.
    rows = [row | {"href": row["url"] if row["url"].startswith("https://") else ""} for row in block["items"]]
    return {"rows": rows}


_DRAWN: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "text": lambda block: {"html": safe_details(block["html"])},
    # Not ``items``, which in a template may be the dictionary's own method.
    "points": lambda block: {"rows": block["items"]},
    "links": _links,
    "hotlines": lambda block: {"rows": contacts([HotlineRef(**row) for row in block["items"]])},
    "warnings": lambda block: {"rows": reading.cards(block["items"])},
    "accounts": _accounts,
}


def _day(raw: str) -> date | None:
    return date.fromisoformat(raw) if raw else None
