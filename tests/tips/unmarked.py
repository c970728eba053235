"""Vietnamese words on an English page that a screen reader would read as English."""

import re
from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect", "use", "line", "polyline"}
_LETTERS = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
# The name of the product, of the heading in the police's app, and of the agency, which has no other.
_KNOWN = ("Kẻng", "Tố giác tội phạm", "Công an tỉnh")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            above = self.open[-1][1] if self.open else ""
            self.open.append((tag, dict(attrs).get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1] if self.open else ("", "")
        for known in _KNOWN:
            data = data.replace(known, "")
        # No part of a title can be marked.
        if tag != "title" and language == "en" and _LETTERS.search(data):
            self.found.append(data.strip())


def vietnamese(page: str) -> list[str]:
    """Texts in English parts of ``page`` that have Vietnamese letters in them."""
    words = _Words()
    words.feed(page)
    return words.found
