"""Vietnamese text is measured by its ink and broken without losing a letter."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from media.renderers.typesetting import Box, Face, Style, advance, drawable, ink, set_text, wrap
from tests.media.vietnamese import texts, words

STYLE = Style(Face.EXTRABOLD, (60, 48, 36, 24), "#000000")


@given(texts(), st.integers(120, 900), st.sampled_from([24, 40, 70]))
@settings(max_examples=80, deadline=None)
def test_wrapping_loses_nothing_and_no_line_is_too_wide(text, width, size):
    lines = wrap(text, Face.BOLD, size, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert ink(line, Face.BOLD, size)[2] <= width or len(line) == 1


def test_words_stay_whole_where_they_fit():
    lines = wrap("Giả danh cán bộ thuế yêu cầu cài ứng dụng", Face.BOLD, 40, 400)
    assert " ".join(lines) == "Giả danh cán bộ thuế yêu cầu cài ứng dụng"


def test_an_overlong_address_breaks_behind_a_slash():
    lines = wrap("canhbao.example.gov.vn/canh-bao/gia-danh-can-bo-thue", Face.BOLD, 24, 420)
    assert lines[0].endswith("/")


@given(words())
@settings(max_examples=60, deadline=None)
def test_decomposed_text_is_set_like_composed_text(word):
    decomposed = unicodedata.normalize("NFD", word)
    assert drawable(decomposed) == word
    box = Box(0, 0, 5000, 200)
    assert set_text("a", decomposed, box, STYLE) == set_text("a", word, box, STYLE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("🚨 Cảnh báo 🚨 khẩn", "Cảnh báo khẩn"),
        ("Chuyển\u200b tiền\n\tngay", "Chuyển tiền ngay"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("警告 Lừa đảo", "Lừa đảo"),
        ("✓ 5.000.000 ₫ → mất", "✓ 5.000.000 ₫ → mất"),
        ("🚨", ""),
    ],
)
def test_characters_without_a_glyph_are_left_out(text, shown):
    assert drawable(text) == shown


def test_a_text_without_anything_drawable_is_an_error():
    with pytest.raises(ValueError):
        set_text("title", "🚨\u200b", Box(0, 0, 100, 100), STYLE)


@given(texts(), st.integers(200, 700), st.integers(60, 400))
@settings(max_examples=80, deadline=None)
def test_the_ink_stays_inside_its_box_and_lines_do_not_touch(text, width, height):
    box = Box(30, 40, width, height)
    block = set_text("title", text, box, STYLE)
    assert box.contains(block.box)
    assert block.pitch >= 1.25 * block.size
    for upper, lower in zip(block.lines, block.lines[1:], strict=False):
        assert upper.ink.bottom < lower.ink.y
    if not block.shortened:
        assert "".join(line.text for line in block.lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["Ễ Ỗ Ữ Ậ ợ ự", "Ữ" * 30, "gợi ý đáng ngờ", "ƯỠN ẸO"])
def test_the_boxes_tell_the_truth_about_the_ink(text):
    block = set_text("title", text, Box(50, 50, 500, 400), STYLE)
    image = Image.new("L", (600, 500), 255)
    block.draw(ImageDraw.Draw(image))
    left, top, right, bottom = image.point(lambda value: 255 - value).getbbox()
    told = block.box
    assert told.x - 1 <= left
    assert told.y - 1 <= top
    assert right <= told.right + 1
    assert bottom <= told.bottom + 1


def test_stacked_marks_reach_above_the_ascender():
    assert ink("Ễ", Face.EXTRABOLD, 100)[1] < -110
    assert advance("Ễ", Face.EXTRABOLD, 100) > 0
