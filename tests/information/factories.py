"""Standing content, made through the product's own services."""

import json
from typing import Any

from cms.information import approval, editions
from cms.information.content import compose
from cms.information.models import Edition, Item, LawDocument, StandingPage


def body(*texts: str) -> str:
    return json.dumps([{"type": "heading", "value": text} for text in texts])


def draft(writer: Any, **values: Any) -> StandingPage:
    """A handbook page written by ``writer``."""
    given = {"kind": "handbook", "title": "Mười việc cần nhớ", "summary": "Đọc rồi dán cạnh điện thoại."}
    page = StandingPage(**{**given, "body": body("Tắt máy, gọi lại"), **values})
    page.full_clean()
    approval.write(page, writer)
    return page


def law(writer: Any, number: str, **values: Any) -> LawDocument:
    given = {"document_type": "law", "title": "Luật An ninh mạng", "summary": "Bảo đảm an ninh mạng."}
    document = LawDocument(**{**given, "number": number, **values})
    document.full_clean()
    approval.write(document, writer)
    return document


def written(item: Item, writer: Any) -> Item:
    """``item`` stored by ``writer``."""
    item.full_clean()
    approval.write(item, writer)
    return item


def seal(item: Item) -> str:
    """What the item's page shows under the text."""
    return editions.seal_of(compose(item))


def submitted(item: Item, person: Any) -> Item:
    approval.submit(item, person, seen_seal=seal(item), not_secret=True)
    return item


def published(item: Item, writer: Any, approver: Any) -> Edition:
    """Submitted by ``writer`` and approved by ``approver``."""
    submitted(item, writer)
    return approval.approve(item, approver, seen_seal=seal(item), not_secret=True)
