"""What may enter the image library, and what is left of it afterwards."""

import io

from django.core.exceptions import ValidationError
from django.utils import translation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from media import uploads
from tests.media import pictures

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "nothing": (b"", "empty"),
    "one NUL": (b"\0", "type"),
    "SVG": (SVG, "type"),
    "SVG with XML head": (b'<?xml version="1.0"?>\n' + SVG, "type"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "type"),
    "PHP": (b"<?php system($_GET[0]); ?>", "type"),
    "ImageTragick": (b'push graphic-context\nfill "url(https://127.0.0.1/|ls)"\npop graphic-context', "type"),
    "GIF": (pictures.encode(pictures.photo(), "GIF"), "type"),
    "GIF polyglot": (b"GIF89a/*" + SVG, "type"),
    "BMP": (pictures.encode(pictures.photo(), "BMP"), "type"),
    "TIFF": (pictures.encode(pictures.photo(), "TIFF"), "type"),
    "PDF": (b"%PDF-1.7\n", "type"),
    "script before a JPEG": (b"<script>" + pictures.jpeg(), "type"),
    "JPEG head only": (b"\xff\xd8\xff", "damaged"),
    "HTML behind a JPEG head": (b"\xff\xd8\xff\xe0<html><script>alert(1)</script>", "damaged"),
    "PNG head only": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "WebP head only": (b"RIFF\x04\0\0\0WEBP", "damaged"),
    "half a JPEG": (pictures.jpeg(600, 400)[:3000], "damaged"),
    "half a PNG": (pictures.png(600, 400)[:900], "damaged"),
    "half a WebP": (pictures.webp(600, 400)[:200], "damaged"),
    "50 megapixel PNG": (pictures.png_claiming(10_000, 5_000), "too_many_pixels"),
    "50 megapixel JPEG": (pictures.jpeg_claiming(10_000, 5_000), "too_many_pixels"),
    "50 megapixel WebP": (pictures.webp_claiming(10_000, 5_000), "too_many_pixels"),
    "4 gigapixel PNG": (pictures.png_claiming(65_535, 65_535), "too_many_pixels"),
    "4 gigapixel JPEG": (pictures.jpeg_claiming(65_535, 65_535), "too_many_pixels"),
    "PNG of one line, a billion wide": (pictures.png_claiming(1_000_000_000, 1), "too_many_pixels"),
    "PNG of no pixels": (pictures.png_claiming(0, 0), "damaged"),
    "too many bytes": (pictures.jpeg() + b"\0" * uploads.MAX_BYTES, "too_large"),
    "animated WebP": (pictures.animated("WEBP"), "animated"),
    "animated PNG": (pictures.animated("PNG"), "animated"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_still_image_of_a_known_kind_is_refused(name):
    data, code = HOSTILE[name]
    with pytest.raises(ValidationError) as refused:
        uploads.clean(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "code", ["empty", "name", "too_large", "type", "too_many_pixels", "animated", "damaged", "marked"]
)
def test_every_refusal_says_in_vietnamese_what_to_do(code):
    with translation.override("vi"):
        sentence = uploads.refusal(code).messages[0]
    assert "Hãy" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("claim", [pictures.png_claiming, pictures.jpeg_claiming, pictures.webp_claiming])
def test_an_enormous_image_is_refused_before_a_pixel_is_decoded(claim, monkeypatch):
    def decode(*_args, **_kwargs):
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr(Image.core, "new", decode)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    with pytest.raises(ValidationError) as refused:
        uploads.clean(claim(16_000, 16_000))
    assert refused.value.code == "too_many_pixels"


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
def test_a_good_image_keeps_its_kind_and_size(make):
    clean = uploads.clean(make(640, 480))
    with Image.open(io.BytesIO(clean.data)) as image:
        assert (image.format, image.size) == (clean.format, (640, 480))
        red, green, blue = image.convert("RGB").getpixel((10, 10))
    assert red > 180
    assert max(green, blue) < 70


def test_forty_million_pixels_may_enter_and_are_brought_to_a_useful_size():
    clean = uploads.clean(pictures.jpeg(8000, 5000))
    assert (clean.width, clean.height) == (2560, 1600)
    with Image.open(io.BytesIO(clean.data)) as image:
        quarters = [image.getpixel(point) for point in ((40, 40), (1250, 770), (1310, 770), (2500, 1560))]
    assert [max(range(3), key=colour.__getitem__) for colour in quarters] == [0, 0, 2, 2]


def test_position_camera_comments_and_profile_are_gone_and_the_picture_stands_upright():
    data = pictures.private_jpeg()
    assert b"SECRET-CAMERA" in data
    clean = uploads.clean(data)
    assert b"SECRET" not in clean.data
    with Image.open(io.BytesIO(clean.data)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(image.info)
        # Lying on its side it was 64 × 48; turned clockwise the red corner is now on the right.
        assert image.size == (48, 64)
        assert image.getpixel((40, 5))[0] > 180
        assert image.getpixel((5, 5))[2] > 150


def test_texts_in_a_png_and_a_webp_are_gone():
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "SECRET-AUTHOR")
    notes.add_itxt("XML:com.adobe.xmp", "SECRET-XMP", zip=True)
    exif = Image.Exif()
    exif[271] = "SECRET-CAMERA"
    for data in (
        pictures.encode(pictures.photo(), "PNG", pnginfo=notes, exif=exif),
        pictures.encode(pictures.photo(), "WEBP", exif=exif, xmp=b"SECRET-XMP"),
    ):
        assert b"SECRET" in data
        clean = uploads.clean(data)
        assert b"SECRET" not in clean.data
        with Image.open(io.BytesIO(clean.data)) as image:
            image.load()
            assert not set(image.info) - {"background", "loop", "duration", "timestamp"}


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.webp])
def test_what_hides_behind_the_end_of_an_image_is_gone(make):
    clean = uploads.clean(make() + b"<script>alert('polyglot')</script>PK\x05\x06" + b"\0" * 18)
    assert b"script" not in clean.data
    assert b"PK\x05\x06" not in clean.data


@pytest.mark.parametrize(
    "data",
    [
        pictures.jpeg(comment=b"SECRET-COMMENT"),
        pictures.jpeg(xmp=b"SECRET-XMP"),
        pictures.encode(pictures.photo(), "PNG", icc_profile=b"SECRET-PROFILE"),
        pictures.encode(pictures.photo(), "WEBP", icc_profile=b"SECRET-PROFILE"),
    ],
)
def test_a_note_that_stands_alone_is_gone_too(data):
    assert b"SECRET" in data or b"iCCP" in data
    clean = uploads.clean(data)
    assert b"SECRET" not in clean.data
    assert b"iCCP" not in clean.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_colour_profile_is_applied_before_it_is_dropped(kind):
    data = pictures.encode(pictures.photo(), kind, icc_profile=pictures.red_and_blue_swapped(), quality=95)
    with Image.open(io.BytesIO(uploads.clean(data).data)) as image:
        red, _green, blue = image.convert("RGB").getpixel((10, 10))
    # The profile says that what is stored as red is shown as blue.
    assert blue > 180
    assert red < 90


@pytest.mark.parametrize("profile", [b"not a profile", ImageCms.createProfile("XYZ")], ids=["noise", "XYZ"])
def test_a_profile_that_does_not_fit_is_left_aside(profile):
    if not isinstance(profile, bytes):
        profile = ImageCms.ImageCmsProfile(profile).tobytes()
    clean = uploads.clean(pictures.encode(pictures.photo(), "PNG", icc_profile=profile))
    with Image.open(io.BytesIO(clean.data)) as image:
        assert image.getpixel((10, 10)) == (220, 30, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_colour_mode_enters(mode):
    image = pictures.photo().convert("RGBA")
    image.putalpha(128)
    converted = Image.new("I;16", (64, 48), 40_000) if mode == "I;16" else image.convert("RGB").convert(mode)
    if mode in ("LA", "RGBA"):
        converted = image.convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    clean = uploads.clean(pictures.encode(converted, kind))
    with Image.open(io.BytesIO(clean.data)) as result:
        assert result.mode in ("L", "RGB", "RGBA")
        assert result.mode == "RGBA" or mode not in ("LA", "RGBA")
        if mode == "I;16":
            assert abs(result.getpixel((0, 0)) - 40_000 // 256) <= 1


def test_cleaning_is_repeatable():
    data = pictures.private_jpeg()
    assert uploads.clean(data) == uploads.clean(data)


@given(
    st.sampled_from([pictures.jpeg(), pictures.png(), pictures.webp()]),
    st.data(),
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_image_is_refused_or_cleaned_but_never_breaks_anything(data, choose):
    damaged = bytearray(data)
    for _ in range(choose.draw(st.integers(1, 6))):
        damaged[choose.draw(st.integers(0, len(data) - 1))] = choose.draw(st.integers(0, 255))
    cut = choose.draw(st.integers(0, len(data)))
    try:
        clean = uploads.clean(bytes(damaged[:cut]))
    except ValidationError as error:
        refused = error
    else:
        refused = None
    if refused:
        assert refused.code in {"empty", "type", "damaged", "too_many_pixels", "animated"}
    else:
        with Image.open(io.BytesIO(clean.data)) as image:
            image.load()
