"""Vietnamese text in pictures: measured, broken into lines, and made as large as its box allows.

Text is brought to NFC first: decomposed marks land beside their letter when no shaping engine is at hand.
Ink, not advance width, is what is measured, because Ễ, Ỗ and Ữ reach 1.16 em above the baseline, higher than
the font's own ascender says.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Final

from PIL import ImageDraw, ImageFont, features

from cms.core.text import collapse

_FONTS: Final = Path(__file__).resolve().parent.parent / "fonts"
# Pillow's wheel carries RAQM but loads the system's FriBiDi, which a bare machine may lack.
# Text in NFC comes out right without it.
_RAQM: Final = features.check_feature("raqm")
_ENGINE: Final = ImageFont.Layout.RAQM if _RAQM else ImageFont.Layout.BASIC
_LANGUAGE: Final = "vi" if _RAQM else None
ELLIPSIS: Final = "…"


class Face(StrEnum):
    """The weights of Be Vietnam Pro at hand."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"
    EXTRABOLD = "ExtraBold"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def contains(self, other: "Box") -> bool:
        """True when ``other`` lies inside, borders included."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: "Box") -> bool:
        """True when the two share area."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where its baseline starts, and the box its ink fills."""

    text: str
    x: float
    baseline: float
    ink: Box


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of one face, size (pixels an em) and colour; ``pitch`` is the distance of two baselines."""

    name: str
    face: Face
    size: int
    pitch: int
    colour: str
    lines: tuple[Line, ...]
    shortened: bool = False

    @property
    def box(self) -> Box:
        """The box around the ink of all lines."""
        left = min(line.ink.x for line in self.lines)
        top = min(line.ink.y for line in self.lines)
        right = max(line.ink.right for line in self.lines)
        bottom = max(line.ink.bottom for line in self.lines)
        return Box(left, top, right - left, bottom - top)

    def moved(self, dx: float, dy: float) -> "TextBlock":
        """The same block elsewhere; whole pixels only, so that letters keep their shape."""
        dx, dy = round(dx), round(dy)
        lines = tuple(
            Line(
                line.text,
                line.x + dx,
                line.baseline + dy,
                Box(line.ink.x + dx, line.ink.y + dy, line.ink.width, line.ink.height),
            )
            for line in self.lines
        )
        return replace(self, lines=lines)

    def draw(self, draw: ImageDraw.ImageDraw) -> None:
        """Put the lines on ``draw``."""
        for line in self.lines:
            draw.text(
                (line.x, line.baseline),
                line.text,
                font=font(self.face, self.size),
                fill=self.colour,
                anchor="ls",
                language=_LANGUAGE,
            )


@dataclass(frozen=True, slots=True)
class Style:
    """How a text may be set: the sizes to try, largest first, and the least line pitch in em."""

    face: Face
    sizes: Sequence[int]
    colour: str
    leading: float = 1.25
    max_lines: int = 99


@lru_cache(maxsize=256)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The font of ``face`` at ``size`` pixels an em."""
    return ImageFont.truetype(_FONTS / f"BeVietnamPro-{face}.ttf", size, layout_engine=_ENGINE)


def drawable(text: str) -> str:
    """``text`` in NFC on one line, without characters the font has no glyph for (emoji, other scripts)."""
    return collapse("".join(char for char in collapse(text) if char == " " or _has_glyph(char)))


@lru_cache(maxsize=4096)
def advance(text: str, face: Face, size: int) -> float:
    """Width of ``text`` in pixels."""
    return font(face, size).getlength(text, language=_LANGUAGE)


@lru_cache(maxsize=4096)
def ink(text: str, face: Face, size: int) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the ink of ``text``, relative to the start of its baseline."""
    return font(face, size).getbbox(text, anchor="ls", language=_LANGUAGE)


def set_text(
    name: str, text: str, box: Box, style: Style, *, valign: str = "top", align: str = "left"
) -> TextBlock:
    """``text`` in ``box`` at the largest size of ``style`` that fits whole.

    Where even the smallest size is too large, the text is cut with an ellipsis there, and ``shortened`` is
    set. The ink never leaves ``box`` as long as one line of the smallest size fits it. ``text`` must hold a
    drawable character; ``valign`` is top, middle or bottom, ``align`` left or right.
    """
    words = drawable(text)
    if not words:
        raise ValueError(f"nothing to draw for {name}")
    for size in style.sizes:
        lines = wrap(words, style.face, size, box.width)
        if len(lines) <= style.max_lines and _height(lines, style, size) <= box.height:
            return _place(name, lines, size, box, style, valign=valign, align=align)
    size = style.sizes[-1]
    lines = wrap(words, style.face, size, box.width)
    kept = _shorten(lines, style, size, box)
    return _place(name, kept, size, box, style, valign=valign, align=align, shortened=True)


def wrap(text: str, face: Face, size: int, width: float) -> list[str]:
    """``text`` in lines no wider than ``width``, broken between words; an overlong word is broken inside.

    A line is never left with a single short word at the end if moving one word down avoids it.
    """
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        candidate = f"{current} {word}" if current else word
        if _fits(candidate, face, size, width):
            current = candidate
            continue
        if current:
            lines.append(current)
        pieces = _break_word(word, face, size, width)
        lines.extend(pieces[:-1])
        current = pieces[-1]
    lines.append(current)
    return _without_orphan(lines, face, size, width)


def _fits(text: str, face: Face, size: int, width: float) -> bool:
    left, _top, right, _bottom = ink(text, face, size)
    return max(right, advance(text, face, size)) - min(left, 0) <= width


def _break_word(word: str, face: Face, size: int, width: float) -> list[str]:
    pieces: list[str] = []
    rest = word
    while not _fits(rest, face, size, width):
        low, high = 1, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            if _fits(rest[:middle], face, size, width):
                low = middle
            else:
                high = middle - 1
        if low == len(rest):
            break
        # Addresses read best when cut behind a slash, else behind a hyphen.
        slash, hyphen = rest.rfind("/", 0, low) + 1, rest.rfind("-", 0, low) + 1
        cut = next((seam for seam in (slash, hyphen) if seam > low / 2), low)
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]


def _without_orphan(lines: list[str], face: Face, size: int, width: float) -> list[str]:
    if len(lines) < 2 or " " in lines[-1] or " " not in lines[-2]:
        return lines
    head, moved = lines[-2].rsplit(" ", 1)
    last = f"{moved} {lines[-1]}"
    if " " not in head or not _fits(last, face, size, width):
        return lines
    return [*lines[:-2], head, last]


def _pitch(lines: Sequence[str], style: Style, size: int) -> int:
    """Distance of two baselines: never less than the leading, and enough that no two lines' ink touches."""
    needed = [
        ink(upper, style.face, size)[3] - ink(lower, style.face, size)[1] + 0.05 * size
        for upper, lower in pairwise(lines)
    ]
    return ceil(max([style.leading * size, *needed]))


def _height(lines: Sequence[str], style: Style, size: int) -> float:
    _left, top, _right, _bottom = ink(lines[0], style.face, size)
    bottom = ink(lines[-1], style.face, size)[3]
    others = [ink(line, style.face, size)[3] for line in lines]
    return -top + _pitch(lines, style, size) * (len(lines) - 1) + max(bottom, *others, 0)


def _shorten(lines: list[str], style: Style, size: int, box: Box) -> list[str]:
    count = min(len(lines), style.max_lines)
    while count > 1 and _height(lines[:count], style, size) > box.height:
        count -= 1
    if count == len(lines):
        return lines
    last = lines[count - 1]
    while last and not _fits(last + ELLIPSIS, style.face, size, box.width):
        last = last[:-1].rstrip()
    return [*lines[: count - 1], last + ELLIPSIS]


def _place(
    name: str,
    lines: list[str],
    size: int,
    box: Box,
    style: Style,
    *,
    valign: str,
    align: str,
    shortened: bool = False,
) -> TextBlock:
    pitch = _pitch(lines, style, size)
    spare = box.height - _height(lines, style, size)
    shift = {"top": 0.0, "middle": spare / 2, "bottom": spare}[valign]
    baseline = round(box.y + shift - ink(lines[0], style.face, size)[1])
    placed = []
    for index, text in enumerate(lines):
        left, top, right, bottom = ink(text, style.face, size)
        x = (
            box.x - min(left, 0)
            if align == "left"
            else box.right - max(right, advance(text, style.face, size))
        )
        y = baseline + index * pitch
        placed.append(Line(text, x, y, Box(x + left, y + top, right - left, bottom - top)))
    return TextBlock(name, style.face, size, pitch, style.colour, tuple(placed), shortened)


@lru_cache(maxsize=4096)
def _has_glyph(char: str) -> bool:
    if unicodedata.category(char)[0] == "C":
        return False
    probe = font(Face.BOLD, 24)
    return probe.getmask(char).getbbox() is not None and bytes(probe.getmask(char)) != _tofu()


@lru_cache(maxsize=1)
def _tofu() -> bytes:
    return bytes(font(Face.BOLD, 24).getmask("\U0010fffe"))
