"""Vietnamese text: one normal form, folding for search, ASCII slugs, clipping, and defanging of addresses."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_SCHEME = re.compile(r"\b(h)(tt)(ps?)(://)", re.IGNORECASE)
_HOST = re.compile(
    r"(?<![\w@.\[])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+)([a-z]{2,24})(?![\w\]])", re.IGNORECASE
)
_REFERENCE_EDGE = r"[\w.-]"


def nfc(text: str) -> str:
    """``text`` in NFC, with LF line ends and without control, zero-width and direction-override characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """Search key without marks or case: ``"Đặng Hoà"`` → ``"dang hoa"``."""
    decomposed = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn").casefold()


def slug(text: str, *, limit: int = 80) -> str:
    """ASCII slug that keeps đ as d (Django's slugify loses it), cut at a word end below ``limit`` characters."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(words) <= limit:
        return words
    cut = words[:limit]
    return cut.rsplit("-", 1)[0] if "-" in cut else cut


def utf16_length(text: str) -> int:
    """UTF-16 units, as Facebook and Zalo count (an emoji is two)."""
    return len(text.encode("utf-16-le")) // 2


def clip(text: str, limit: int) -> str:
    """``text`` cut at a word end to at most ``limit`` UTF-16 units, with an ellipsis when cut."""
    if utf16_length(text) <= limit:
        return text
    kept = text
    while utf16_length(kept) > max(limit - 1, 0):
        kept = kept[:-1]
    shorter = re.sub(r"\s+\S*$", "", kept)
    return (shorter or kept).rstrip(" ,;:–-") + "…"


def defang(text: str) -> str:
    """``text`` with every web address made unclickable: ``https://lua-dao.vn`` → ``hxxps://lua-dao[.]vn``."""
    text = _SCHEME.sub(lambda m: f"{m[1]}xx{m[3]}{m[4]}", text)

    def neutralise(match: re.Match[str]) -> str:
        return match[1].replace(".", "[.]") + match[2]

    return _HOST.sub(neutralise, text)


def collapse(text: str) -> str:
    """``text`` in NFC with every run of white space as one space: equal texts compare equal."""
    return " ".join(nfc(text).split())


def mentions_reference(text: str, reference: str) -> bool:
    """True when ``reference`` stands in ``text`` as a whole code, not as part of a longer one."""
    pattern = rf"(?<!{_REFERENCE_EDGE}){re.escape(reference)}(?![\w-]|\.\w)"
    return re.search(pattern, text) is not None
