"""Text as a reader sees it: look-alike letters, full-width digits and invisible characters undone.

For detectors only, never for what is stored: the result may be shorter than the text.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_LOOK_ALIKES: Final = str.maketrans(
    # Cyrillic and Greek letters that no reader tells from Latin ones, and odd signs for dot, at and hyphen.
    "АВСЕНІЈКМОРЅТУХаесіјорѕухԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιρ" + "。｡․·•∙⋅" + "＠﹫" + "‐‑‒–—―−﹣",
    "ABCEHIJKMOPSTYXaecijopsyxdqwABEZHIKMNOPTYXoip" + "......." + "@@" + "--------",
)
_DROPPED: Final = {"Cf", "Me", "Cc"}
_KEPT: Final = {"\n", "\t"}


def undisguised(text: str) -> str:
    """``text`` in NFKC with every digit as 0–9, look-alikes as Latin letters, and nothing invisible left."""
    plain = unicodedata.normalize("NFKC", text.translate(_LOOK_ALIKES)).translate(_LOOK_ALIKES)
    # Once more: letter and mark may have been held apart by something invisible.
    return unicodedata.normalize("NFKC", "".join(map(_visible, plain)))


@lru_cache(maxsize=2048)
def _visible(char: str) -> str:
    if char in _KEPT or char.isascii():
        return "" if char < " " and char not in _KEPT else char
    category = unicodedata.category(char)
    if category in _DROPPED or "\ufe00" <= char <= "\ufe0f":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    return " " if category == "Zs" else char
