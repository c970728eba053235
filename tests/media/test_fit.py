"""Images are brought below the limits of a channel."""

import io
import os

import pytest
from PIL import Image

from media.renderers.fit import fit_image
from tests.media import pictures


def noise(width: int, height: int) -> bytes:
    """The worst case for a JPEG: nothing in it repeats."""
    return pictures.encode(Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)), "PNG")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("limit", [1_000_000, 200_000, 40_000])
def test_the_result_is_within_every_limit(limit):
    data = fit_image(noise(1600, 900), max_bytes=limit, max_width=1200, max_height=1200)
    image = opened(data)
    assert len(data) <= limit
    assert image.format == "JPEG"
    assert image.width <= 1200
    assert abs(image.width / image.height - 16 / 9) < 0.02


def test_a_jpeg_that_fits_is_not_touched():
    data = pictures.jpeg(800, 600)
    assert fit_image(data, max_bytes=1_000_000, max_width=800, max_height=600) is data


def test_a_png_becomes_a_jpeg_and_transparency_white():
    clear = pictures.encode(Image.new("RGBA", (100, 100), (255, 0, 0, 0)), "PNG")
    image = opened(fit_image(clear, max_bytes=1_000_000, max_width=500, max_height=500))
    assert image.size == (100, 100)
    assert min(image.getpixel((50, 50))) > 250


def test_the_same_input_gives_the_same_bytes():
    data = pictures.png(900, 900)
    limits = {"max_bytes": 50_000, "max_width": 640, "max_height": 640}
    assert fit_image(data, **limits) == fit_image(data, **limits)


@pytest.mark.parametrize("data", [b"", b"<svg/>", pictures.jpeg(300, 300)[:400]])
def test_what_is_not_an_image_is_an_error(data):
    with pytest.raises(ValueError):
        fit_image(data, max_bytes=10, max_width=100, max_height=100)


def test_an_impossible_limit_is_an_error():
    with pytest.raises(ValueError):
        fit_image(noise(300, 300), max_bytes=50, max_width=300, max_height=300)
