"""Whether a picture looks like an identity card. Such pictures are refused: nobody needs them for a warning.

What this sees: the QR code of a Vietnamese identity card (since 2021, and the 2024 form), and codes that hold a
line for machines (MRZ) or an identity number. What it cannot see: a card whose code is covered, out of focus, very
small or not in the picture, older cards and passports without a code, and printed lines, because no letters are read.
"""

import re
from typing import Final

import zxingcpp
from PIL import Image

# Number | old number | name | date of birth | …: at least four fields of the card's code.
_CARD: Final = re.compile(r"\s*\d{12}\|(?:\d{9})?\|[^|]{2,80}\|\d{8}\|")
_MRZ: Final = re.compile(r"(?:I[DAC<]|P[A-Z<])VNM[A-Z0-9<]{10,}")
_NUMBER: Final = re.compile(r"(?<!\d)0(?:[0-8]\d|9[0-6])[0-3]\d{8}(?!\d)")
"""A number of twelve digits: province, century and sex, year, serial."""
_ABOUT_PEOPLE: Final = re.compile(r"cccd|c[aă]n c[uư][oớ]c|identity|vneid|citizen", re.IGNORECASE)
_MOST_READ: Final = 2000


def looks_like_identity(image: Image.Image) -> bool:
    """Whether a code in ``image`` is that of an identity paper. Never raises."""
    try:
        codes = zxingcpp.read_barcodes(image.convert("L"))
    except (ValueError, RuntimeError, MemoryError, TypeError):
        return False
    return any(is_identity(code.text[:_MOST_READ]) for code in codes)


def is_identity(text: str) -> bool:
    """Whether the content of a code is that of an identity paper."""
    if _CARD.match(text) or _MRZ.search(text.replace(" ", "")):
        return True
    return bool(_NUMBER.search(text) and ("|" in text or _ABOUT_PEOPLE.search(text)))
