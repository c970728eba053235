"""Decorative pictures for warnings without a photograph: calm, and never a real person or brand."""

import colorsys
import hashlib
import io
import random
from typing import Final

from PIL import Image

from media.renderers.canvas import Canvas, blend
from media.renderers.scenes import SCENES, Hues, Stage

WIDTH: Final = 1600
HEIGHT: Final = 900
MAX_BYTES: Final = 200_000
# Scenes that suit a group of the taxonomy, best first; any other name draws from all of them.
GROUP_SCENES: Final = {
    "gia-mao-thuong-hieu": ("building", "phone", "browser", "hook", "parcel"),
    "chiem-doat-tai-khoan": ("shield", "chat", "hook", "browser"),
    "hinh-thuc-ket-hop": ("bank_card", "chat", "phone", "chart", "parcel", "family"),
}


def render_illustration(
    seed: str, *, group: str = "", scene: str | None = None, hue: float | None = None
) -> bytes:
    """A 1600 × 900 JPEG of at most 200 kB; the same arguments give the same bytes.

    ``group`` is a key of GROUP_SCENES; ``scene`` a key of ``SCENES`` and overrides it; ``hue`` from 0 to 1
    sets the ground's colour, otherwise ``seed`` does. Raises KeyError for an unknown scene.
    """
    # Seeded from a hash: Python's own hash() of a text changes from process to process.
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311
    name = scene or chance.choice(GROUP_SCENES.get(group, tuple(SCENES)))
    tint = chance.choice(_HUES) if hue is None else hue % 1.0
    hues = _hues(tint)
    canvas = Canvas(WIDTH, HEIGHT, ground=hues.shade)
    _draw_ground(canvas, chance, hues)
    side = 700 + chance.randrange(0, 50)
    # Near the middle: the portal's lists and the chooser crop to other shapes.
    left = (WIDTH - side) / 2 + chance.randrange(-60, 61)
    top = (HEIGHT - side) / 2 + chance.randrange(-14, 15)
    canvas.glow((left + side / 2, top + side / 2), side * 0.85, hues.mid, 0.55)
    SCENES[name](Stage(canvas, left, top, side), hues)
    return _encoded(canvas.finish())


_HUES: Final = (0.52, 0.55, 0.58, 0.62, 0.47, 0.66, 0.72, 0.93)


def _hues(tint: float) -> Hues:
    def colour(saturation: float, value: float, turn: float = 0.0) -> str:
        red, green, blue = colorsys.hsv_to_rgb((tint + turn) % 1.0, saturation, value)
        return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"

    # Red would vanish on the warm grounds: there the sign is amber.
    warm = tint < 0.14 or tint > 0.86
    return Hues(
        deep=colour(0.62, 0.34, 0.02),
        mid=colour(0.48, 0.62),
        light=colour(0.09, 0.97, -0.02),
        alarm="#f0a21a" if warm else "#e2483d",
        shade=colour(0.70, 0.20, 0.03),
    )


def _draw_ground(canvas: Canvas, chance: random.Random, hues: Hues) -> None:
    canvas.linear_gradient(blend(hues.shade, hues.mid, 0.42), hues.shade)
    pattern = chance.choice((_rings, _slopes, _dots, _tiles))
    pattern(canvas, chance, hues)


def _rings(canvas: Canvas, chance: random.Random, hues: Hues) -> None:
    centre = (chance.choice((0, WIDTH)) + chance.randrange(-80, 81), chance.randrange(0, HEIGHT))
    for index in range(9):
        canvas.ring(centre, 180 + index * 150, 46, hues.mid, 0.20 - index * 0.018)


def _slopes(canvas: Canvas, chance: random.Random, hues: Hues) -> None:
    for index in range(4):
        height = HEIGHT * (0.42 + 0.15 * index) + chance.randrange(-40, 41)
        lean = chance.randrange(-160, 161)
        canvas.polygon(
            [(0, height + lean), (WIDTH, height - lean), (WIDTH, HEIGHT), (0, HEIGHT)],
            blend(hues.mid, hues.shade, 0.35 + 0.2 * index),
            0.45,
        )


def _dots(canvas: Canvas, chance: random.Random, hues: Hues) -> None:
    step = 76
    shift = chance.randrange(0, step)
    for row in range(HEIGHT // step + 2):
        for column in range(WIDTH // step + 2):
            nearness = abs(column * step - WIDTH / 2) / WIDTH
            canvas.disc(
                (column * step - shift + (row % 2) * step / 2, row * step), 4 + 18 * nearness, hues.mid, 0.30
            )


def _tiles(canvas: Canvas, chance: random.Random, hues: Hues) -> None:
    step = 150
    for row in range(HEIGHT // step + 1):
        for column in range(WIDTH // step + 1):
            x, y = column * step, row * step
            if chance.random() < 0.42:
                corners = [(x, y), (x + step, y), (x + step, y + step), (x, y + step)]
                corners.pop(chance.randrange(4))
                canvas.polygon(corners, hues.mid, 0.10 + 0.14 * chance.random())


def _encoded(image: Image.Image) -> bytes:
    for quality in (86, 80, 74, 66, 58):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()
