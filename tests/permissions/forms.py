"""The form a browser would send from a page, filled in by somebody in a hurry."""

import json
from datetime import timedelta
from typing import Any, Final

from django.test import Client
from django.utils import timezone

from bs4 import BeautifulSoup, Tag

_TYPED: Final = {
    "email": "moi@example.vn",
    "url": "https://example.vn/",
    "number": "1",
    "password": "a-long-test-password",
    "text": "Kiểm tra",
    "": "Kiểm tra",
}
_NOT_SENT: Final = ("submit", "button", "file", "image", "reset", "search")


def form_at(client: Client, path: str) -> dict[str, Any] | None:
    """The longest form of the page at ``path``; empty when there is none, None when the page does not open."""
    answer = client.get(path)
    if answer.status_code != 200:
        return None
    if answer.streaming:
        return {}
    html = answer.content
    if answer.get("Content-Type", "").startswith("application/json"):
        told = json.loads(html or b"null")
        html = str(told.get("html", "")).encode() if isinstance(told, dict) else b""
    forms = BeautifulSoup(html, "html.parser").find_all("form")
    posted = [form for form in forms if str(form.get("method", "")).lower() == "post"]
    return max(map(_filled, posted), key=len, default={})


def _filled(form: Tag) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or kind in _NOT_SENT or field.has_attr("disabled"):
            continue
        if field.name == "select":
            sent[name] = _chosen(field)
        elif field.name == "textarea":
            sent[name] = field.get_text().strip() or "Kiểm tra"
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked") or (field.has_attr("required") and name not in sent):
                sent[name] = field.get("value", "on")
        else:
            sent[name] = field.get("value") or _typed(kind)
    return sent


def _chosen(field: Tag) -> list[str]:
    options = [(option.get("value", ""), option.has_attr("selected")) for option in field.find_all("option")]
    chosen = [value for value, selected in options if selected and value]
    return chosen or [value for value, _selected in options if value][:1]


def _typed(kind: str) -> str:
    ahead = timezone.localtime() + timedelta(days=3)
    if kind == "date":
        return ahead.date().isoformat()
    if kind == "datetime-local":
        return ahead.strftime("%Y-%m-%dT%H:%M")
    return _TYPED.get(kind, "")
