"""What an edition says, as plain JSON: composed from a draft, sealed with the edition, drawn by the templates.

Names stand in it, not keys: renaming a channel or a scam type later changes no public page. Only chosen warnings are
kept as keys, because the page shows them as they stand on the portal today.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.translation import override

from cms.core.sanitise import RICH_TEXT, clean_html
from cms.core.text import collapse, nfc
from cms.information import accounts
from cms.information.kinds import ENGLISH, Kind
from cms.information.models import Item, LawDocument, SelfCheck
from cms.information.selfcheck import composing
from scam_warnings.taxonomy import Hotline, ScamType

Content = dict[str, Any]


def compose(item: Item) -> Content:
    """The content ``item`` would have when it is approved now; the same draft gives the same bytes."""
    item = item.specific
    with override(settings.LANGUAGE_CODE):
        content: Content = {
            "kind": item.kind,
            "slug": item.slug,
            "position": item.position,
            "vi": _text(item.title, item.summary, item.body),
        }
        if item.title_en:
            content[ENGLISH] = _text(item.title_en, item.summary_en, item.body_en)
        if isinstance(item, LawDocument):
            content["law"] = _law(item)
        if isinstance(item, SelfCheck):
            content["check"] = composing.compose(item)
        if item.kind == Kind.SCAM_TYPE:
            content["type"] = _scam_type(item.slug)
    return content


def texts(content: Content) -> list[str]:
    """Every text of ``content`` a reader sees, for the checks."""
    found: list[str] = []
    _collect({key: value for key, value in content.items() if key not in {"kind", "slug"}}, found)
    return found


def featured(content: Content) -> list[int]:
    """Keys of the warnings ``content`` shows."""
    return [pk for block in content["vi"]["body"] if block["type"] == "warnings" for pk in block["items"]]


def _text(title: str, summary: str, body: Any) -> Content:
    blocks = [made for child in body if (made := _block(child.block_type, child.value)) is not None]
    return {"title": _line(title), "summary": _line(summary), "body": blocks}


def _block(kind: str, value: Any) -> Content | None:
    made = _MAKERS[kind](value)
    return {"type": kind, **made} if made is not None else None


def _points(value: Any) -> Content | None:
    items = [_line(item) for item in value["items"] if item]
    return {"style": value["style"], "items": items} if items else None


def _pairs(value: Any) -> Content:
    rows = [{name: _line(row[name]) for name in ("first", "second")} for row in value["rows"]]
    return {"first": _line(value["first"]), "second": _line(value["second"]), "rows": rows}


def _links(value: Any) -> Content:
    return {"items": [{name: _line(row[name] or "") for name in ("name", "url", "note")} for row in value]}


def _hotlines(_value: Any) -> Content:
    return {"items": list(Hotline.objects.filter(shown=True).values("name", "value", "kind", "use"))}


def _line(text: str) -> str:
    return collapse(nfc(text))


_MAKERS: Final[dict[str, Callable[[Any], Content | None]]] = {
    "heading": lambda value: {"text": _line(value)},
    "text": lambda value: {"html": clean_html(value.source, RICH_TEXT)},
    "points": _points,
    "pairs": _pairs,
    "callout": lambda value: {"title": _line(value["title"]), "text": nfc(value["text"]).strip()},
    "links": _links,
    "hotlines": _hotlines,
    "accounts": lambda value: {"items": [made for row in value if (made := accounts.frozen(row))]},
    "warnings": lambda value: {"items": [page.pk for page in value if page is not None]},
}


def _law(document: LawDocument) -> Content:
    return {
        "type": document.document_type,
        "type_name": document.get_document_type_display(),
        "number": document.number,
        "issuer": document.issuer,
        "issued_on": _iso(document.issued_on),
        "in_force_from": _iso(document.in_force_from),
        "ended_on": _iso(document.ended_on),
        "source_url": document.source_url,
    }


def _scam_type(key: str) -> Content:
    found = ScamType.objects.select_related("group").get(key=key)
    return {
        "key": found.key,
        "name": found.name,
        "official_no": found.official_no,
        "official_name": found.official_name,
        "group_key": found.group.key,
        "group_name": found.group.name,
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _collect(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in {"type", "style", "key", "group_key", "kind", "to", "verdict"}:
                _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)
