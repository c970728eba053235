"""Standing content to begin with: drafts an authority reads, changes and approves; in the demonstration approved.

Idempotent by kind and address. Sources of the figures and documents stand in the texts themselves.
"""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Final

from django.conf import settings

from cms.information import approval, editions
from cms.information.accounts import visitable
from cms.information.content import compose
from cms.information.kinds import SINGLE, Kind
from cms.information.models import Item, LawDocument, SelfCheck, StandingPage
from scam_warnings.agency import AgencySettings
from scam_warnings.models import ScamWarningPage
from scam_warnings.seed import read_data
from scam_warnings.taxonomy import ScamType

_LAW_NOTE: Final = [
    "callout",
    "Trước khi viện dẫn",
    "Phần tóm tắt do ban biên tập cổng soạn. Khi cần viện dẫn, hãy dùng văn bản gốc và kiểm tra hiệu lực.",
]


def load(writer: Any, approver: Any = None, report: Callable[[str], None] = lambda line: None) -> int:
    """Create what is missing in the name of ``writer``; with ``approver`` also make it public. Returns how many.

    Raises approval.Refused when one of the two may not.
    """
    count = 0
    for item in _missing():
        item.full_clean()
        approval.write(item, writer)
        if approver is not None:
            seal = editions.seal_of(compose(item))
            approval.submit(item, writer, seen_seal=seal, not_secret=True)
            approval.approve(item, approver, seen_seal=seal, not_secret=True)
        report(f"{item.get_kind_display()}: {item.title}")
        count += 1
    return count


def _missing() -> Iterator[Item]:
    known = set(Item.objects.values_list("kind", "slug"))
    for row in [*_rows("pages.json"), *_scam_types()]:
        slug = SINGLE.get(row["kind"]) or row["slug"]
        if (row["kind"], slug) not in known:
            values = {**row, "slug": slug, "body": _stream(row["body"])}
            yield StandingPage(**{**values, "body_en": _stream(row.get("body_en", []))})
    for row in _rows("laws.json"):
        document = LawDocument(**row, body=_stream([_LAW_NOTE]))
        if not LawDocument.objects.filter(number=document.number).exists():
            yield document
    if not SelfCheck.objects.exists():
        yield self_check()


def self_check() -> SelfCheck:
    """The self-check to begin with, not stored yet."""
    data: dict[str, Any] = _read("self_check.json")
    parts = {"questions": "question", "outcomes": "outcome", "signs": "sign"}
    streams = {
        part: json.dumps([{"type": block, "value": row} for row in data.pop(part)], ensure_ascii=False)
        for part, block in parts.items()
    }
    return SelfCheck(**data, **streams)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(name)
    return rows


def _read(name: str) -> Any:
    return json.loads((files("cms.information") / "data" / name).read_text(encoding="utf-8"))


def _scam_types() -> Iterator[dict[str, Any]]:
    """Every scam type explained in the words of the warning that ships for it."""
    told = {row["scam_type"]: row for row in read_data("warnings.json")}
    for place, kind in enumerate(ScamType.objects.filter(key__in=told).order_by("sort_order"), 1):
        row = told[kind.key]
        yield {
            "kind": Kind.SCAM_TYPE,
            "slug": kind.key,
            "title": kind.name,
            "summary": row["summary"],
            "position": place,
            "body": [
                ["heading", "Kẻ gian làm thế nào"],
                ["points", "steps", row["how_it_works"]],
                ["heading", "Dấu hiệu nhận biết"],
                ["points", "signs", row["warning_signs"]],
                ["heading", "Cần làm gì"],
                ["points", "do", row["what_to_do"]],
                ["heading", "Khi đã bị lừa"],
                ["points", "steps", row["if_you_are_a_victim"]],
            ],
        }


def _stream(body: list[list[Any]]) -> str:
    return json.dumps([{"type": row[0], "value": _value(*row)} for row in body], ensure_ascii=False)


def _value(kind: str, *told: Any) -> Any:
    return _VALUES[kind](*told)


def _pairs(first: str, second: str, rows: list[list[str]]) -> dict[str, Any]:
    return {
        "first": first,
        "second": second,
        "rows": [{"first": left, "second": right} for left, right in rows],
    }


def _links(rows: list[list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "url": url, "note": note} for name, url, note in rows]


def _warnings(slugs: list[str]) -> list[int]:
    approved = ScamWarningPage.objects.filter(slug__in=slugs, releases__isnull=False).distinct()
    pks = dict(approved.values_list("slug", "pk"))
    return [pks[slug] for slug in slugs if slug in pks]


def _accounts() -> list[dict[str, str]]:
    own = {
        "channel": "",
        "name": f"Cổng cảnh báo lừa đảo – {AgencySettings.load().name}",
        "platform": "Cổng thông tin điện tử",
        "url": settings.PUBLIC_URL,
    }
    return [
        own,
        *({"channel": str(row.pk), "name": "", "platform": "", "url": ""} for row in visitable()),
    ]


_VALUES: Final[dict[str, Callable[..., Any]]] = {
    "heading": lambda text: text,
    "text": lambda markup: markup,
    "points": lambda style, items: {"style": style, "items": items},
    "pairs": _pairs,
    "callout": lambda title, text: {"title": title, "text": text},
    "links": _links,
    "hotlines": lambda: None,
    "accounts": _accounts,
    "warnings": _warnings,
}
