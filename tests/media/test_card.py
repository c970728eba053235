"""Share cards: whole texts, nothing touching, repeatable, light."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media.renderers.card import CardSpec, layout_card, render_card
from media.renderers.card_layout import Layout
from media.renderers.palette import TONES
from tests.media.vietnamese import texts

LONGEST = "Giả danh cán bộ thuế yêu cầu cài đặt ứng dụng “Tổng cục Thuế” để chiếm đoạt tiền tài khoản"
SIGNS = (
    "Tự xưng cán bộ thuế, gọi điện yêu cầu cài ứng dụng ngoài CH Play, App Store.",
    "Gửi liên kết lạ qua Zalo, tin nhắn SMS và thúc giục làm ngay.",
    "Đòi mã OTP, mật khẩu ngân hàng, ảnh căn cước.",
)
SPEC = CardSpec(
    title="Giả danh cán bộ thuế yêu cầu cài ứng dụng",
    severity="urgent",
    severity_label="Cảnh báo khẩn",
    kicker="Giả danh công an, viện kiểm sát, tòa án",
    agency="Phòng An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao, Công an tỉnh",
    reference_code="KNG-2026-0042",
    url_text="https://canhbao.example.gov.vn/canh-bao/gia-danh-can-bo-thue",
    signs=SIGNS,
)
SIZES = ("wide", "square")
LABELS = {"info": "Khuyến cáo", "caution": "Cảnh báo", "urgent": "Cảnh báo khẩn"}


def assert_sound(layout: Layout) -> None:
    """Every text whole inside the safe area; nothing lies on anything else."""
    for block in layout.texts:
        assert layout.safe.contains(block.box), block.name
        assert block.pitch >= 1.25 * block.size
        for upper, lower in zip(block.lines, block.lines[1:], strict=False):
            assert upper.ink.bottom < lower.ink.y, block.name
    for one, other in combinations(layout.texts, 2):
        assert not one.box.overlaps(other.box), (one.name, other.name)
    solid = {"gong": layout.gong.box, "mark": layout.mark.box, "icon": layout.icon.box, "band": layout.band}
    if layout.qr:
        solid["qr"] = layout.qr.box
        assert layout.footer.contains(layout.qr.box)
    for block in layout.texts:
        for name, box in solid.items():
            assert not block.box.overlaps(box), (block.name, name)
        number = block.name.startswith("number")
        for marker in layout.markers:
            assert number or not block.box.overlaps(marker.box), block.name
        if block.name == "severity":
            assert layout.pill.contains(block.box)
        else:
            assert not block.box.overlaps(layout.pill), block.name
        in_footer = block.name in {"brand", "agency", "address", "reference", "hint"}
        assert layout.footer.contains(block.box) if in_footer else not layout.footer.overlaps(block.box)


def shown(layout: Layout, name: str) -> str:
    block = layout.text(name)
    assert block is not None
    assert not block.shortened
    return "".join(line.text for line in block.lines).replace(" ", "")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("signs", [SIGNS, ()], ids=["signs", "no signs"])
@pytest.mark.parametrize("title", [LONGEST, "Ữ" * 90, "Ễ" * 90, "W" * 90, "Ỗ ợ" * 30, "Ữ", "Cảnh báo"])
def test_a_title_of_ninety_characters_is_shown_whole(size, signs, title):
    layout = layout_card(replace(SPEC, title=title, size=size, signs=signs))
    assert len(title) <= 90
    assert_sound(layout)
    assert shown(layout, "title") == title.replace(" ", "")


@given(texts(), texts(60), texts(120), st.lists(texts(110), max_size=3), st.sampled_from(SIZES))
@settings(max_examples=400, deadline=None)
def test_any_vietnamese_texts_make_a_sound_layout(title, kicker, agency, signs, size):
    layout = layout_card(
        replace(SPEC, title=title, kicker=kicker, agency=agency, signs=tuple(signs), size=size)
    )
    assert_sound(layout)
    assert shown(layout, "title") == title.replace(" ", "")


@given(
    st.text(max_size=400),
    st.text(max_size=200),
    st.text(max_size=300),
    st.text(max_size=300),
    st.sampled_from(SIZES),
)
@settings(max_examples=120, deadline=None)
def test_no_text_whatever_breaks_a_layout(title, label, other, url, size):
    spec = CardSpec(
        title=f"a{title}",
        severity="caution",
        severity_label=f"a{label}",
        kicker=other,
        agency=other,
        reference_code=other,
        url_text=url,
        signs=(other, label, other, label),
        size=size,
    )
    assert_sound(layout_card(spec))


@pytest.mark.parametrize("field", ["title", "severity_label"])
def test_a_card_without_a_title_or_severity_is_an_error(field):
    with pytest.raises(ValueError):
        layout_card(replace(SPEC, **{field: " 🚨 "}))


@pytest.mark.parametrize("severity", LABELS)
@pytest.mark.parametrize(("size", "pixels"), [("wide", (1200, 630)), ("square", (1080, 1080))])
def test_a_card_has_its_size_and_is_light(severity, size, pixels):
    data = render_card(
        replace(SPEC, title=LONGEST, severity=severity, severity_label=LABELS[severity], size=size)
    )
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", pixels)
        assert not {"exif", "xmp", "comment"} & set(image.info)
    assert len(data) < 300_000


@pytest.mark.parametrize("size", SIZES)
def test_even_the_densest_card_is_light(size):
    spec = replace(SPEC, title="Ễ" * 90, signs=("Ễ" * 100, "Ỗ" * 100, "Ữ" * 100), size=size)
    assert len(render_card(spec)) < 300_000


def test_the_same_spec_gives_the_same_bytes_in_another_process_too():
    spec = replace(SPEC, size="square")
    code = (
        "import sys, hashlib\nfrom media.renderers.card import CardSpec, render_card\n"
        f"sys.stdout.write(hashlib.sha256(render_card({spec!r})).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert hashlib.sha256(render_card(spec)).hexdigest() == other.stdout
    assert render_card(spec) == render_card(spec)


@pytest.mark.parametrize("size", SIZES)
def test_different_texts_give_different_cards(size):
    first = render_card(replace(SPEC, size=size))
    assert first != render_card(replace(SPEC, size=size, title=LONGEST))
    assert first != render_card(replace(SPEC, size=size, severity="info"))


def test_the_code_on_the_square_card_points_to_the_permanent_address():
    spec = replace(SPEC, size="square")
    place = layout_card(spec).qr
    assert place is not None
    matrix = segno.make(SPEC.url_text, error="m", micro=False, boost_error=False).matrix
    side = len(matrix)
    with Image.open(io.BytesIO(render_card(spec))) as image:
        grey = image.convert("L")
    left = round(place.box.x + (place.box.width - side * place.module) / 2)
    top = round(place.box.y + (place.box.height - side * place.module) / 2)
    middle = place.module // 2
    seen = [
        [
            grey.getpixel((left + x * place.module + middle, top + y * place.module + middle)) < 128
            for x in range(side)
        ]
        for y in range(side)
    ]
    assert seen == [[module == 1 for module in row] for row in matrix]
    # Four light modules around it: two in its own box, the rest is paper without print.
    zone = 4 * place.module
    around = grey.crop(
        (left - zone, top - zone, left + side * place.module + zone, top + side * place.module + zone)
    )
    width, height = around.size
    for edge in (
        (0, 0, width, zone - 2),
        (0, height - zone + 2, width, height),
        (0, 0, zone - 2, height),
        (width - zone + 2, 0, width, height),
    ):
        assert around.crop(edge).getextrema()[0] > 200


@pytest.mark.parametrize(
    ("url", "address", "printed"),
    [
        ("canhbao.vn/a", "https://canhbao.vn/a", "canhbao.vn/a"),
        ("http://127.0.0.1:8000/a/", "http://127.0.0.1:8000/a/", "127.0.0.1:8000/a"),
        ("", "", ""),
    ],
)
def test_the_address_is_printed_without_its_scheme(url, address, printed):
    spec = replace(SPEC, url_text=url)
    assert (spec.address, spec.printed_address) == (address, printed)


@pytest.mark.parametrize("size", SIZES)
def test_an_address_too_long_to_print_is_shown_by_its_host(size):
    spec = replace(SPEC, url_text="https://canhbao.example.gov.vn/canh-bao/" + "rat-dai-" * 30, size=size)
    layout = layout_card(spec)
    assert_sound(layout)
    assert shown(layout, "address") == "canhbao.example.gov.vn/…"


@pytest.mark.parametrize("size", SIZES)
def test_empty_texts_leave_no_trace(size):
    layout = layout_card(CardSpec(title="Lừa đảo", severity="info", severity_label="Khuyến cáo", size=size))
    assert_sound(layout)
    assert {block.name for block in layout.texts} == {"severity", "title", "brand"} | (
        {"hint"} if layout.text("hint") else set()
    )
    assert layout.qr is None
    assert (
        len(render_card(CardSpec(title="Lừa đảo", severity="info", severity_label="Khuyến cáo", size=size)))
        > 0
    )


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("severity", LABELS)
@pytest.mark.parametrize("size", SIZES)
def test_every_text_stands_out_from_what_lies_behind_it(severity, size):
    spec = replace(SPEC, severity=severity, severity_label=LABELS[severity], size=size)
    layout = layout_card(spec)
    with Image.open(io.BytesIO(render_card(spec))) as image:
        rgb = image.convert("RGB")
    for block in layout.texts:
        box = block.box
        area = rgb.crop((round(box.x) - 3, round(box.y) - 3, round(box.right) + 3, round(box.bottom) + 3))
        # Just above and below the ink there are no letters.
        edge = [area.getpixel((x, 0)) for x in range(area.width)] + [
            area.getpixel((x, area.height - 1)) for x in range(area.width)
        ]
        worst = min(
            contrast(luminance(block.colour), luminance("#{:02x}{:02x}{:02x}".format(*pixel)))
            for pixel in edge
        )
        assert worst >= 4.5, (block.name, worst)


def test_severity_is_told_without_colour():
    greys = []
    for severity in LABELS:
        spec = replace(SPEC, severity=severity, severity_label="Mức", size="square")
        layout = layout_card(spec)
        with Image.open(io.BytesIO(render_card(spec))) as image:
            box = layout.icon.box
            icon = image.convert("L").crop((round(box.x), round(box.y), round(box.right), round(box.bottom)))
        sign, ground = luminance(TONES[severity].on_signal), luminance(TONES[severity].signal)
        bright = sign > ground
        middle = sum(icon.getextrema()) / 2
        greys.append(tuple((value > middle) == bright for value in icon.tobytes()))
    shapes = [{index for index, drawn in enumerate(shape) if drawn} for shape in greys]
    for one, other in combinations(shapes, 2):
        assert len(one ^ other) > 0.12 * len(one | other)
