"""The mark of Kẻng: a bronze gong with the rayed star of the Đông Sơn drums, and the waves of its sound."""

from dataclasses import dataclass
from typing import Final

from media.renderers.canvas import Canvas, Point, around, blend

_RAYS = 14


@dataclass(frozen=True, slots=True)
class Bronze:
    """The four tones the gong is made of, dark to light."""

    shade: str = "#7a4a17"
    body: str = "#b9782a"
    face: str = "#d9a044"
    light: str = "#f6d488"


BRONZE: Final = Bronze()


def draw_gong(canvas: Canvas, centre: Point, radius: float, bronze: Bronze = BRONZE) -> None:
    """The gong alone, ``radius`` to its outer rim."""
    if radius < 60:
        _draw_small(canvas, centre, radius, bronze)
        return
    canvas.disc(centre, radius, bronze.shade)
    canvas.disc((centre[0] - radius * 0.012, centre[1] - radius * 0.018), radius * 0.97, bronze.body)
    canvas.ring(centre, radius * 0.90, radius * 0.02, bronze.shade)
    canvas.disc(centre, radius * 0.87, bronze.face)
    _beads(canvas, centre, radius * 0.80, radius * 0.022, count=48, colour=bronze.shade)
    canvas.ring(centre, radius * 0.735, radius * 0.014, bronze.shade)
    _teeth(canvas, centre, radius * 0.70, radius * 0.60, count=56, colour=bronze.body)
    canvas.ring(centre, radius * 0.585, radius * 0.014, bronze.shade)
    canvas.disc(centre, radius * 0.55, blend(bronze.face, bronze.light, 0.35))
    _star(canvas, centre, radius * 0.52, radius * 0.19, bronze.shade)
    canvas.disc(centre, radius * 0.205, bronze.body)
    canvas.disc(centre, radius * 0.17, bronze.light)
    canvas.disc((centre[0] - radius * 0.04, centre[1] - radius * 0.05), radius * 0.07, "#fff4d6")
    canvas.arc(centre, radius * 0.955, radius * 0.022, angles=(195, 285), colour=bronze.light, opacity=0.9)


def draw_cords(canvas: Canvas, centre: Point, radius: float, top: float, colour: str) -> None:
    """The two cords the gong hangs on, up to the height ``top``."""
    for side in (-1, 1):
        hole = around(centre, radius * 0.93, side * 24)
        canvas.line((hole[0] + side * radius * 0.02, top), hole, max(3.0, radius * 0.03), colour)
        canvas.disc(hole, radius * 0.045, colour)


def draw_waves(canvas: Canvas, centre: Point, first: float, count: int, colour: str) -> None:
    """``count`` rings of sound, the first at radius ``first``, fading outwards."""
    radius, gap = first, first * 0.24
    for index in range(count):
        fade = 1 - index / count
        canvas.ring(centre, radius, 2 + 5 * fade, colour, 0.05 + 0.30 * fade**1.4)
        radius += gap
        gap *= 1.16


def _draw_small(canvas: Canvas, centre: Point, radius: float, bronze: Bronze) -> None:
    # At the size of a letter the rings would run together.
    canvas.disc(centre, radius, bronze.shade)
    canvas.disc(centre, radius * 0.86, bronze.face)
    _star(canvas, centre, radius * 0.80, radius * 0.34, bronze.shade, rays=10)
    canvas.disc(centre, radius * 0.32, bronze.light)


def _beads(canvas: Canvas, centre: Point, radius: float, size: float, *, count: int, colour: str) -> None:
    for index in range(count):
        canvas.disc(around(centre, radius, 360 * index / count), size, colour)


def _teeth(canvas: Canvas, centre: Point, outer: float, inner: float, *, count: int, colour: str) -> None:
    step = 360 / count
    for index in range(count):
        start = index * step
        canvas.polygon(
            [
                around(centre, inner, start),
                around(centre, outer, start + step / 2),
                around(centre, inner, start + step),
            ],
            colour,
        )


def _star(
    canvas: Canvas, centre: Point, outer: float, inner: float, colour: str, *, rays: int = _RAYS
) -> None:
    step = 360 / rays
    points: list[Point] = []
    for index in range(rays):
        points.append(around(centre, outer, index * step))
        points.append(around(centre, inner, (index + 0.5) * step))
    canvas.polygon(points, colour)
