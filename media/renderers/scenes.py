"""The simple things scams happen with, drawn from a few shapes: a phone, a chat, a bank card, a building …

Each scene is drawn on a stage of 1000 × 1000 units; ``Stage`` puts it anywhere at any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from media.renderers.canvas import Canvas, Point, around


@dataclass(frozen=True, slots=True)
class Hues:
    """Five colours that go together: two for bodies, one light, one for what alarms, one for shadows."""

    deep: str
    mid: str
    light: str
    alarm: str
    shade: str


class Stage:
    """A square part of a canvas with its own units, 0 to 1000 in both directions.

    Coordinates come by position, as on squared paper.
    """

    def __init__(self, canvas: Canvas, left: float, top: float, side: float) -> None:
        self._canvas, self._left, self._top, self._unit = canvas, left, top, side / 1000

    def box(  # noqa: PLR0917
        self, x: float, y: float, w: float, h: float, colour: str, radius: float = 0, opacity: float = 1.0
    ) -> None:
        u = self._unit
        left, top = self._at((x, y))
        self._canvas.rectangle(left, top, w * u, h * u, colour, radius=radius * u, opacity=opacity)

    def disc(self, x: float, y: float, radius: float, colour: str, opacity: float = 1.0) -> None:
        self._canvas.disc(self._at((x, y)), radius * self._unit, colour, opacity)

    def ring(  # noqa: PLR0917
        self, x: float, y: float, radius: float, width: float, colour: str, opacity: float = 1.0
    ) -> None:
        self._canvas.ring(self._at((x, y)), radius * self._unit, width * self._unit, colour, opacity)

    def arc(  # noqa: PLR0917
        self, x: float, y: float, radius: float, width: float, angles: tuple[float, float], colour: str
    ) -> None:
        self._canvas.arc(
            self._at((x, y)), radius * self._unit, width * self._unit, angles=angles, colour=colour
        )

    def shape(self, points: Sequence[Point], colour: str, opacity: float = 1.0) -> None:
        self._canvas.polygon([self._at(point) for point in points], colour, opacity)

    def line(self, start: Point, end: Point, width: float, colour: str) -> None:
        self._canvas.line(self._at(start), self._at(end), width * self._unit, colour)

    def alarm(self, x: float, y: float, radius: float, hues: Hues) -> None:
        """A round sign with an exclamation mark: something here is not what it seems."""
        self.disc(x, y, radius * 1.16, hues.shade)
        self.disc(x, y, radius, hues.alarm)
        self.box(x - radius * 0.11, y - radius * 0.58, radius * 0.22, radius * 0.70, "#ffffff", radius * 0.09)
        self.disc(x, y + radius * 0.42, radius * 0.14, "#ffffff")

    def _at(self, point: Point) -> Point:
        return self._left + point[0] * self._unit, self._top + point[1] * self._unit


def draw_phone(stage: Stage, hues: Hues) -> None:
    """A ringing phone with a caller whose face is a question."""
    for radius in (470, 400):
        stage.arc(500, 500, radius, 18, (-38, 38), hues.mid)
        stage.arc(500, 500, radius, 18, (142, 218), hues.mid)
    stage.box(282, 72, 436, 876, hues.shade, 74, 0.5)
    stage.box(270, 60, 436, 860, hues.deep, 74)
    stage.box(292, 82, 392, 816, hues.light, 54)
    stage.box(420, 100, 136, 26, hues.deep, 13)
    stage.disc(488, 340, 118, hues.mid)
    stage.disc(488, 312, 46, hues.light)
    stage.shape([(404, 420), (430, 372), (546, 372), (572, 420), (488, 452)], hues.light)
    stage.box(374, 500, 228, 30, hues.deep, 15)
    stage.box(414, 552, 148, 20, hues.mid, 10)
    stage.disc(390, 760, 62, hues.alarm)
    stage.line((366, 736), (414, 784), 16, "#ffffff")
    stage.line((414, 736), (366, 784), 16, "#ffffff")
    stage.disc(586, 760, 62, "#2fa36b")
    stage.line((562, 762), (580, 780), 16, "#ffffff")
    stage.line((580, 780), (612, 742), 16, "#ffffff")


def draw_chat(stage: Stage, hues: Hues) -> None:
    """Messages going to and fro, the last one with a link that should not be opened."""
    stage.box(90, 120, 560, 200, hues.light, 60)
    stage.shape([(150, 300), (150, 400), (250, 310)], hues.light)
    for y, width in ((176, 420), (236, 300)):
        stage.box(150, y, width, 28, hues.mid, 14)
    stage.box(330, 400, 580, 170, hues.mid, 60)
    stage.shape([(850, 550), (850, 640), (760, 560)], hues.mid)
    for y, width in ((446, 440), (500, 260)):
        stage.box(390, y, width, 28, hues.light, 14)
    stage.box(90, 660, 640, 230, hues.light, 60)
    stage.shape([(150, 870), (150, 970), (250, 880)], hues.light)
    stage.box(150, 716, 360, 28, hues.mid, 14)
    stage.box(150, 776, 470, 58, hues.deep, 29)
    stage.box(182, 798, 330, 14, hues.light, 7)
    stage.alarm(740, 690, 96, hues)


def draw_bank_card(stage: Stage, hues: Hues) -> None:
    """A bank card and coins that slip away from it."""
    stage.box(84, 264, 800, 500, hues.shade, 56, 0.5)
    stage.box(60, 230, 800, 500, hues.light, 56)
    stage.box(60, 310, 800, 96, hues.deep)
    stage.box(130, 466, 130, 98, hues.alarm, 20)
    stage.line((130, 515), (260, 515), 6, hues.light)
    stage.line((195, 466), (195, 564), 6, hues.light)
    for index in range(4):
        stage.box(130 + index * 150, 620, 112, 30, hues.mid, 15)
    stage.disc(716, 520, 58, hues.mid)
    stage.disc(780, 520, 58, hues.deep, 0.75)
    for x, y, radius in ((800, 792, 104), (906, 628, 74), (936, 856, 50)):
        stage.disc(x + 6, y + 10, radius, hues.shade, 0.5)
        stage.disc(x, y, radius, "#e8b04a")
        stage.ring(x, y, radius * 0.78, radius * 0.1, "#a8691c")
        stage.box(
            x - radius * 0.08, y - radius * 0.42, radius * 0.16, radius * 0.84, "#a8691c", radius * 0.06
        )


def draw_shield(stage: Stage, hues: Hues) -> None:
    """A shield with a keyhole: an account, an identity, something worth guarding."""
    outer = [(500, 60), (860, 190), (840, 560), (720, 800), (500, 950), (280, 800), (160, 560), (140, 190)]
    inner = [(500, 140), (786, 244), (768, 546), (666, 746), (500, 860), (334, 746), (232, 546), (214, 244)]
    stage.shape([(x + 22, y + 30) for x, y in outer], hues.shade, 0.5)
    stage.shape(outer, hues.deep)
    stage.shape(inner, hues.mid)
    stage.shape([inner[0], *inner[4:]], hues.light, 0.28)
    stage.disc(500, 430, 104, hues.light)
    stage.shape([(456, 470), (544, 470), (586, 680), (414, 680)], hues.light)
    stage.disc(500, 430, 44, hues.deep)
    stage.shape([(482, 446), (518, 446), (534, 590), (466, 590)], hues.deep)
    stage.alarm(800, 770, 104, hues)


def draw_building(stage: Stage, hues: Hues) -> None:
    """An office with columns, as an agency or a bank looks; its shadow is a mask's."""
    stage.shape([(500, 90), (930, 330), (70, 330)], hues.deep)
    stage.disc(500, 246, 46, hues.alarm)
    stage.box(110, 330, 780, 60, hues.mid)
    for x in (160, 330, 500, 670):
        stage.box(x, 400, 110, 340, hues.light)
        stage.box(x - 14, 390, 138, 34, hues.mid, 8)
        stage.box(x - 14, 720, 138, 34, hues.mid, 8)
        stage.box(x + 72, 424, 38, 296, hues.mid, opacity=0.35)
    stage.box(90, 754, 820, 56, hues.mid)
    stage.box(50, 810, 900, 66, hues.deep)
    stage.alarm(840, 720, 104, hues)


def draw_browser(stage: Stage, hues: Hues) -> None:
    """A web page with an open lock in its address bar."""
    stage.box(64, 154, 920, 720, hues.shade, 44, 0.5)
    stage.box(40, 120, 920, 720, hues.light, 44)
    stage.box(40, 120, 920, 140, hues.deep, 44)
    stage.box(40, 200, 920, 60, hues.deep)
    for index, colour in enumerate((hues.alarm, "#e8b04a", "#2fa36b")):
        stage.disc(104 + index * 58, 190, 19, colour)
    stage.box(300, 158, 610, 64, hues.light, 32)
    stage.box(376, 182, 380, 16, hues.mid, 8)
    stage.arc(338, 184, 15, 7, (150, 330), hues.alarm)
    stage.box(322, 184, 32, 24, hues.alarm, 6)
    stage.box(100, 320, 360, 230, hues.mid, 24)
    stage.shape(
        [(100, 526), (220, 410), (300, 486), (372, 432), (460, 526), (460, 550), (100, 550)], hues.deep, 0.6
    )
    for y, width in ((330, 380), (392, 320), (454, 360)):
        stage.box(520, y, width, 30, hues.mid, 15, 0.65)
    stage.box(100, 610, 800, 74, hues.mid, 20, 0.4)
    stage.box(100, 716, 260, 76, hues.alarm, 38)
    stage.alarm(846, 776, 110, hues)


def draw_hook(stage: Stage, hues: Hues) -> None:
    """A letter on a fishing hook."""
    stage.line((560, -160), (560, 210), 10, hues.light)
    stage.ring(560, 250, 42, 20, hues.alarm)
    stage.box(184, 474, 660, 430, hues.shade, 36, 0.5)
    stage.box(160, 440, 660, 430, hues.light, 36)
    stage.shape([(168, 470), (490, 690), (812, 470), (780, 441), (200, 441)], hues.mid)
    stage.line((176, 466), (490, 680), 16, hues.deep)
    stage.line((804, 466), (490, 680), 16, hues.deep)
    stage.line((560, 292), (560, 560), 28, hues.alarm)
    stage.arc(464, 560, 110, 28, (0, 180), hues.alarm)
    stage.shape([(340, 566), (382, 566), (430, 500), (354, 452)], hues.alarm)


def draw_chart(stage: Stage, hues: Hues) -> None:
    """Gains that rise and rise, and the fall behind them."""
    stage.box(104, 154, 840, 740, hues.shade, 44, 0.5)
    stage.box(80, 120, 840, 740, hues.light, 44)
    for y in (300, 460, 620):
        stage.box(140, y, 720, 6, hues.mid, opacity=0.35)
    for index, height in enumerate((150, 220, 300, 400, 500)):
        stage.box(160 + index * 122, 800 - height, 84, height, hues.mid, 12)
    points: list[Point] = [(190, 640), (320, 540), (450, 560), (590, 380), (700, 260), (790, 720)]
    for start, end in pairwise(points[:-1]):
        stage.line(start, end, 22, hues.deep)
    stage.line(points[-2], points[-1], 22, hues.alarm)
    tip = points[-1]
    stage.shape([around(tip, 62, 170), around(tip, 62, 50), around(tip, 62, 290)], hues.alarm)
    for point in points[:-1]:
        stage.disc(*point, 26, hues.deep)
        stage.disc(*point, 13, hues.light)


def draw_parcel(stage: Stage, hues: Hues) -> None:
    """A parcel nobody ordered."""
    stage.shape([(500, 130), (880, 310), (880, 730), (500, 930), (120, 730), (120, 310)], hues.deep)
    stage.shape([(500, 130), (880, 310), (500, 500), (120, 310)], hues.light)
    stage.shape([(120, 310), (500, 500), (500, 930), (120, 730)], hues.mid)
    stage.shape([(310, 220), (400, 176), (780, 358), (690, 404)], hues.alarm)
    stage.shape([(690, 404), (780, 358), (780, 520), (735, 500), (690, 566)], hues.alarm)
    stage.shape([(180, 640), (330, 716), (330, 790), (180, 714)], hues.light, 0.85)
    stage.alarm(800, 800, 104, hues)


def draw_family(stage: Stage, hues: Hues) -> None:
    """Two people in one speech bubble of worry: a call that plays on fear for a relative."""
    stage.box(80, 80, 840, 560, hues.light, 90)
    stage.shape([(300, 620), (300, 800), (470, 630)], hues.light)
    for x, size, colour in ((370, 1.0, hues.deep), (630, 0.82, hues.mid)):
        stage.disc(x, 470 - 220 * size, 88 * size, colour)
        top = 470 - 112 * size
        stage.box(x - 140 * size, top, 280 * size, 590 - top, colour, 100 * size)
        stage.box(x - 140 * size, 500, 280 * size, 90, colour)
    stage.box(80, 590, 840, 50, hues.light, 40)
    stage.alarm(820, 700, 116, hues)


SCENES: Final = {
    "phone": draw_phone,
    "chat": draw_chat,
    "bank_card": draw_bank_card,
    "shield": draw_shield,
    "building": draw_building,
    "browser": draw_browser,
    "hook": draw_hook,
    "chart": draw_chart,
    "parcel": draw_parcel,
    "family": draw_family,
}
