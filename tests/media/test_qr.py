"""QR codes carry the address and can be read by a phone and by a screen reader."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
import segno
from PIL import Image

from media.renderers.qr import QUIET_ZONE, qr_matrix, qr_png, qr_svg

ADDRESS = "https://canhbao.example.gov.vn/canh-bao/gia-danh-can-bo-thue"


def expected(text: str) -> list[list[bool]]:
    """The matrix by the book: error level M, no Micro QR, no boost."""
    return [
        [module == 1 for module in row]
        for row in segno.make(text, error="m", micro=False, boost_error=False).matrix
    ]


def test_the_png_shows_the_matrix_inside_a_quiet_zone_of_four_modules():
    scale = 5
    with Image.open(io.BytesIO(qr_png(ADDRESS, scale=scale))) as image:
        grey = image.convert("L")
        side = grey.width // scale
        rows = [
            [grey.getpixel((x * scale + 2, y * scale + 2)) < 128 for x in range(side)] for y in range(side)
        ]
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in rows[QUIET_ZONE:-QUIET_ZONE]]
    assert inner == expected(ADDRESS)
    assert [list(row) for row in qr_matrix(ADDRESS)] == inner
    assert not any(any(row) for row in rows[:QUIET_ZONE] + rows[-QUIET_ZONE:])


def test_the_svg_scales_and_has_a_name():
    root = ElementTree.fromstring(qr_svg(ADDRESS, title='Mã QR <của> "cảnh báo"'))
    side = len(expected(ADDRESS)) + 2 * QUIET_ZONE
    assert root.attrib["viewBox"] == f"0 0 {side} {side}"
    assert root.attrib["role"] == "img"
    assert "width" not in root.attrib
    assert root[0].text == 'Mã QR <của> "cảnh báo"'


def test_an_svg_without_a_name_is_hidden_from_screen_readers():
    root = ElementTree.fromstring(qr_svg(ADDRESS))
    assert root.attrib["aria-hidden"] == "true"


@pytest.mark.parametrize("text", ["", "x" * 2332])
def test_what_no_code_can_hold_is_an_error(text):
    with pytest.raises(ValueError):
        qr_png(text)
