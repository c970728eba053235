"""The fonts draw every Vietnamese letter, on pictures and on the web."""

import re
import struct
import unicodedata
from pathlib import Path

import brotli
import pytest

import media

FOLDER = Path(media.__file__).parent
TTF = sorted((FOLDER / "fonts").glob("*.ttf"))
WOFF2 = sorted((FOLDER / "static/media/fonts").glob("*.woff2"))
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
LOWER = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES} | {"đ"}
LETTERS = LOWER | {letter.upper() for letter in LOWER}
SIGNS = set("₫“”‘’–…•✓✗→←×·°%/()&@#:;!?+=0123456789 \u00a0") | {chr(code) for code in range(0x21, 0x7F)}
# The order of the known table tags in WOFF2 (W3C WOFF 2.0, section 4.1); only the first is looked for.
CMAP_FLAG, GLYF_FLAG, LOCA_FLAG = 0, 10, 11


def characters(table: bytes) -> set[int]:
    """The code points of a cmap table with a subtable of format 4 (OpenType, cmap)."""
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", table, 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", table, 4 + 8 * index + 4)
        if struct.unpack_from(">H", table, offset)[0] != 4:
            continue
        segments = struct.unpack_from(">H", table, offset + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", table, offset + 14)
        starts = struct.unpack_from(f">{segments}H", table, offset + 16 + 2 * segments)
        for start, end in zip(starts, ends, strict=True):
            found.update(range(start, end + 1))
    return found - {0xFFFF}


def ttf_cmap(data: bytes) -> bytes:
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _sum, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag == b"cmap":
            return data[offset : offset + length]
    raise AssertionError("no cmap")


def woff2_cmap(data: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", data, 12)
    (compressed,) = struct.unpack_from(">I", data, 20)
    position, offset, place = 48, 0, None

    def number() -> int:
        nonlocal position
        value = 0
        while True:
            byte = data[position]
            position += 1
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value

    for _ in range(count):
        flag = data[position]
        position += 1
        kind, version = flag & 0x3F, flag >> 6
        if kind == 63:
            position += 4
        length = number()
        transformed = (version == 0) if kind in (GLYF_FLAG, LOCA_FLAG) else version != 0
        if transformed:
            length = number()
        if kind == CMAP_FLAG:
            place = (offset, length)
        offset += length
    assert place is not None
    plain = brotli.decompress(data[position : position + compressed])
    return plain[place[0] : place[0] + place[1]]


def test_the_alphabet_of_this_test_is_whole():
    # 134 letters carry a mark or a stroke; the plain vowels are counted with them here.
    assert len(LETTERS - set("aeiouyAEIOUY")) == 134


@pytest.mark.parametrize("path", TTF, ids=lambda path: path.stem)
def test_the_picture_fonts_have_every_letter(path):
    missing = {char for char in LETTERS | SIGNS if ord(char) not in characters(ttf_cmap(path.read_bytes()))}
    assert missing == set()


@pytest.mark.parametrize("path", WOFF2, ids=lambda path: path.stem)
def test_the_web_fonts_have_every_letter_and_are_small(path):
    data = path.read_bytes()
    assert data[:4] == b"wOF2"
    assert len(data) <= 35_000
    assert {char for char in LETTERS | SIGNS if ord(char) not in characters(woff2_cmap(data))} == set()


def test_public_pages_ask_for_the_larger_font_only_where_a_rare_character_stands():
    sheet = (Path(media.__file__).parents[1] / "cms/portal/static/portal/portal.css").read_text("utf-8")
    for weight in ("400", "700"):
        few = characters(
            woff2_cmap((FOLDER / f"static/media/fonts/be-vietnam-pro-{weight}-vi.woff2").read_bytes())
        )
        many = characters(
            woff2_cmap((FOLDER / f"static/media/fonts/be-vietnam-pro-{weight}.woff2").read_bytes())
        )
        (asked,) = re.findall(rf"be-vietnam-pro-{weight}\.woff2[^}}]*unicode-range:([^}}]*)", sheet)
        bounds = [part.removeprefix("U+").split("-") for part in asked.split(",")]
        rare = {
            code for low, *high in bounds for code in range(int(low, 16), int((high or [low])[0], 16) + 1)
        }
        assert few < many
        assert rare == many - few


def test_all_weights_are_there_with_their_licence():
    assert [path.stem for path in TTF] == [
        f"BeVietnamPro-{weight}" for weight in ("Bold", "ExtraBold", "Medium", "Regular", "SemiBold")
    ]
    assert [path.stem for path in WOFF2] == [
        f"be-vietnam-pro-{name}" for name in ("400-vi", "400", "500", "600", "700-vi", "700")
    ]
    for folder in ("fonts", "static/media/fonts"):
        assert "SIL OPEN FONT LICENSE" in (FOLDER / folder / "OFL.txt").read_text()
