"""Smooth shapes: drawn large in card coordinates, then brought down to size."""

import math
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw

Point = tuple[float, float]


def rgba(colour: str, opacity: float = 1.0) -> tuple[int, int, int, int]:
    """``"#rrggbb"`` as a tuple, with ``opacity`` from 0 to 1."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue, round(255 * opacity)


def blend(first: str, second: str, share: float) -> str:
    """The colour ``share`` (0 to 1) of the way from ``first`` to ``second``."""
    pairs = zip(ImageColor.getrgb(first)[:3], ImageColor.getrgb(second)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """A picture of ``width`` × ``height`` on which shapes keep smooth edges and may be see-through."""

    SCALE = 3

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * self.SCALE, height * self.SCALE), ground)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def finish(self) -> Image.Image:
        """The picture at its real size."""
        return self._image.reduce(self.SCALE)

    @classmethod
    def over(cls, image: Image.Image) -> "Canvas":
        """A canvas that starts as ``image``; where nothing is drawn, its very pixels come back."""
        canvas = cls(image.width, image.height, ground="#000000")
        large = image.resize(canvas._image.size, Image.Resampling.NEAREST)
        canvas._image.paste(large)
        return canvas

    def linear_gradient(self, top: str, bottom: str) -> None:
        """Fill everything from ``top`` to ``bottom``."""
        ramp = Image.linear_gradient("L").resize(self._image.size, Image.Resampling.BICUBIC)
        self._image.paste(Image.composite(self._flat(bottom), self._flat(top), ramp))

    def glow(self, centre: Point, radius: float, colour: str, opacity: float) -> None:
        """A soft disc of light, strongest at its centre."""
        side = round(2 * radius * self.SCALE)
        ramp = Image.radial_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
        # The gradient is 255 in its corners, 181 on the inscribed circle: past that nothing may shine.
        mask = ramp.point(lambda value: round(max(0.0, 1 - value / 180) ** 1.6 * 255 * opacity))
        corner = (round((centre[0] - radius) * self.SCALE), round((centre[1] - radius) * self.SCALE))
        self._image.paste(Image.new("RGB", (side, side), colour), corner, mask)

    def disc(self, centre: Point, radius: float, colour: str, opacity: float = 1.0) -> None:
        self._draw.ellipse(self._round(centre, radius), fill=rgba(colour, opacity))

    def ring(self, centre: Point, radius: float, width: float, colour: str, opacity: float = 1.0) -> None:
        """A circle line whose outer edge has ``radius``."""
        stroke = max(1, round(width * self.SCALE))
        self._draw.ellipse(self._round(centre, radius), outline=rgba(colour, opacity), width=stroke)

    def arc(
        self,
        centre: Point,
        radius: float,
        width: float,
        *,
        angles: tuple[float, float],
        colour: str,
        opacity: float = 1.0,
    ) -> None:
        """Part of a circle line; angles in degrees, clockwise from three o'clock."""
        stroke = max(1, round(width * self.SCALE))
        self._draw.arc(self._round(centre, radius), *angles, fill=rgba(colour, opacity), width=stroke)

    def polygon(self, points: Sequence[Point], colour: str, opacity: float = 1.0) -> None:
        self._draw.polygon([(x * self.SCALE, y * self.SCALE) for x, y in points], fill=rgba(colour, opacity))

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        *,
        radius: float = 0,
        opacity: float = 1.0,
    ) -> None:
        s = self.SCALE
        # Pillow's lower right corner is inside the rectangle.
        area = (x * s, y * s, (x + width) * s - 1, (y + height) * s - 1)
        self._draw.rounded_rectangle(area, radius=radius * s, fill=rgba(colour, opacity))

    def line(self, start: Point, end: Point, width: float, colour: str, opacity: float = 1.0) -> None:
        """A straight stroke with round ends."""
        self.polygon(_stroke(start, end, width), colour, opacity)
        if opacity == 1.0:
            self.disc(start, width / 2, colour)
            self.disc(end, width / 2, colour)

    def _flat(self, colour: str) -> Image.Image:
        return Image.new("RGB", self._image.size, colour)

    def _round(self, centre: Point, radius: float) -> tuple[float, float, float, float]:
        s = self.SCALE
        x, y = centre
        return (x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s


def around(centre: Point, radius: float, degrees: float) -> Point:
    """The point ``radius`` from ``centre`` in the direction ``degrees``, clockwise from twelve o'clock."""
    angle = math.radians(degrees - 90)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _stroke(start: Point, end: Point, width: float) -> list[Point]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    return [
        (start[0] + nx, start[1] + ny),
        (end[0] + nx, end[1] + ny),
        (end[0] - nx, end[1] - ny),
        (start[0] - nx, start[1] - ny),
    ]
