"""Where everything stands on a share card. Pure: texts and numbers in, boxes out, nothing drawn.

The title takes the largest size at which the whole card fits; on the square card the warning signs step down
together with it. No two texts touch, and none leaves the safe area.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from media.renderers.canvas import Point
from media.renderers.card_spec import MAX_SIGNS, CardSpec
from media.renderers.palette import INK, MUTED, PAPER_MUTED, TONES, WHITE
from media.renderers.qr import QUIET_ZONE, qr_matrix
from media.renderers.typesetting import Box, Face, Style, TextBlock, drawable, set_text

_MARGIN: Final = 64
# Below two pixels a module a phone held at arm's length no longer reads the code.
_LEAST_MODULE: Final = 2
# Sizes of title and signs, in pixels an em.
_SQUARE_STEPS: Final = (
    (72, 31), (68, 31), (64, 30), (60, 29), (56, 28), (52, 27),
    (48, 26), (44, 25), (40, 24), (36, 23), (33, 22),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disc:
    """A round shape on the card."""

    centre: Point
    radius: float

    @property
    def box(self) -> Box:
        """The square around it."""
        return Box(
            self.centre[0] - self.radius, self.centre[1] - self.radius, 2 * self.radius, 2 * self.radius
        )


@dataclass(frozen=True, slots=True)
class QrPlace:
    """A QR code: its white box, the pixels of one module, and the dark modules.

    The box holds half of the quiet zone; the paper around it, kept free of print, is the other half.
    """

    box: Box
    module: int
    matrix: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished layout. ``safe`` is the area no text leaves; ``pill`` and ``icon`` carry the severity."""

    width: int
    height: int
    safe: Box
    band: Box
    footer: Box
    pill: Box
    icon: Disc
    gong: Disc
    mark: Disc
    texts: tuple[TextBlock, ...]
    markers: tuple[Disc, ...] = ()
    rule: Box | None = None
    qr: QrPlace | None = None

    def text(self, name: str) -> TextBlock | None:
        """The text block called ``name``, if the card has it."""
        return next((block for block in self.texts if block.name == name), None)


def layout_card(spec: CardSpec) -> Layout:
    """The layout of ``spec``. Raises ValueError when title or severity label holds nothing drawable."""
    return _wide(spec) if spec.size == "wide" else _square(spec)


def _wide(spec: CardSpec) -> Layout:
    width, height = spec.pixels
    footer = Box(0, 506, width, height - 506)
    column = Box(_MARGIN, 58, 708, footer.y - 28 - 58)
    pill, icon, label = _pill(spec, (column.x, column.y), height=54, size=27, most=column.width)
    top = pill.bottom + 18
    area = Box(column.x, top, column.width, column.bottom - top)
    mark = Disc((_MARGIN + 38, footer.y + 63), 38)
    left = Box(mark.box.right + 22, footer.y + 15, 520, 86)
    right = Box(width - _MARGIN - 430, footer.y + 15, 430, 86)
    return Layout(
        width=width,
        height=height,
        safe=Box(_MARGIN, 40, width - 2 * _MARGIN, height - 62),
        band=Box(0, 0, width, 18),
        footer=footer,
        pill=pill,
        icon=icon,
        gong=Disc((982, 262), 172),
        mark=mark,
        texts=(
            label,
            *_headline(spec, area),
            *_imprint(spec, left, brand=(29, 26, 23), agency=(22, 20, 18, 17)),
            *_address(spec, right),
        ),
    )


def _square(spec: CardSpec) -> Layout:
    width, height = spec.pixels
    footer = Box(0, 844, width, height - 844)
    pill, icon, label = _pill(spec, (_MARGIN, 66), height=62, size=31, most=660)
    kicker = _optional(
        "kicker",
        spec.kicker,
        Box(_MARGIN, pill.bottom + 26, 690, 84),
        Style(Face.SEMIBOLD, (30, 28, 26, 24), MUTED, 1.28, 2),
    )
    top = max([pill.bottom, *(block.box.bottom for block in kicker)]) + 30
    body = _body(spec, Box(_MARGIN, max(top, 270), width - 2 * _MARGIN, footer.y - 36 - max(top, 270)))
    qr = _qr(spec, Box(width - _MARGIN - 206, footer.y + 18, 206, 206))
    mark = Disc((_MARGIN + 36, footer.y + 68), 36)
    column = (qr.box.x if qr else width - _MARGIN) - 36 - _MARGIN
    return Layout(
        width=width,
        height=height,
        safe=Box(_MARGIN, 44, width - 2 * _MARGIN, height - 58),
        band=Box(0, 0, width, 22),
        footer=footer,
        pill=pill,
        icon=icon,
        gong=Disc((914, 148), 106),
        mark=mark,
        texts=(
            label,
            *kicker,
            *body.texts,
            *_imprint(
                spec,
                Box(mark.box.right + 20, footer.y + 20, column - 92, 98),
                brand=(32, 29, 26),
                agency=(23, 21, 19, 18),
            ),
            *_scan_lines(spec, Box(_MARGIN, footer.y + 130, column, 82), with_code=qr is not None),
        ),
        markers=body.markers,
        rule=body.rule,
        qr=qr,
    )


def _pill(
    spec: CardSpec, corner: Point, *, height: float, size: int, most: float
) -> tuple[Box, Disc, TextBlock]:
    x, y = corner
    radius = height * 0.29
    icon = Disc((x + height * 0.56, y + height / 2), radius)
    start = icon.box.right + height * 0.24
    ending = height * 0.46
    sizes = range(size, 15, -1)
    style = Style(Face.BOLD, sizes, TONES[spec.severity].on_signal, max_lines=1)
    box = Box(start, y + 4, x + most - ending - start, height - 8)
    label = set_text("severity", spec.severity_label, box, style, valign="middle")
    # Centred on the small letters: stacked marks must not push the word down.
    wanted = y + height / 2 + label.size * 0.36
    label = label.moved(0, min(wanted, y + height - 6) - label.lines[0].baseline)
    if label.box.y < y + 2:
        label = label.moved(0, y + 2 - label.box.y)
    return Box(x, y, label.box.right + ending - x, height), icon, label


def _headline(spec: CardSpec, area: Box) -> list[TextBlock]:
    """Kicker and title at the foot of ``area``, the kicker right above the title."""
    style = Style(Face.SEMIBOLD, (27, 25, 23, 21), MUTED, 1.28, 2)
    kicker = _optional("kicker", spec.kicker, Box(area.x, area.y, area.width, 72), style)
    taken = kicker[0].box.height + 20 if kicker else 0
    room = Box(area.x, area.y + taken, area.width, area.height - taken)
    title = set_text(
        "title", spec.title, room, Style(Face.EXTRABOLD, range(70, 26, -2), WHITE), valign="bottom"
    )
    return [*(block.moved(0, title.box.y - 20 - block.box.bottom) for block in kicker), title]


@dataclass(frozen=True, slots=True)
class _Body:
    texts: tuple[TextBlock, ...]
    markers: tuple[Disc, ...] = ()
    rule: Box | None = None


def _body(spec: CardSpec, area: Box) -> _Body:
    """Title at the head, warning signs at the foot of ``area``."""
    signs = [sign for sign in map(drawable, spec.signs) if sign][:MAX_SIGNS]
    if not signs:
        sizes = Style(Face.EXTRABOLD, range(92, 32, -2), WHITE)
        return _Body((set_text("title", spec.title, area, sizes, valign="middle"),))
    for title_size, sign_size in _SQUARE_STEPS:
        title = set_text("title", spec.title, area, Style(Face.EXTRABOLD, (title_size,), WHITE))
        foot = _signs(spec, signs, area, sign_size)
        if not title.shortened and foot.rule and title.box.bottom + 34 <= foot.rule.y:
            return _centred(title, foot, area)
    return _squeezed(spec, signs, area)


def _squeezed(spec: CardSpec, signs: Sequence[str], area: Box) -> _Body:
    """What cannot fit at the smallest size: signs cut to two lines, then the title to what is left."""
    title_size, sign_size = _SQUARE_STEPS[-1]
    foot = _signs(spec, signs, area, sign_size, max_lines=2)
    top = foot.rule.y if foot.rule else area.bottom
    room = Box(area.x, area.y, area.width, top - 34 - area.y)
    title = set_text("title", spec.title, room, Style(Face.EXTRABOLD, (title_size,), WHITE))
    return _Body((title, *foot.texts), foot.markers, foot.rule)


def _centred(title: TextBlock, foot: _Body, area: Box) -> _Body:
    """A short title stands in the middle of its space, a little above the centre."""
    spare = (foot.rule.y if foot.rule else area.bottom) - 34 - title.box.bottom
    return _Body((title.moved(0, spare * 0.42), *foot.texts), foot.markers, foot.rule)


def _signs(spec: CardSpec, signs: Sequence[str], area: Box, size: int, max_lines: int = 4) -> _Body:
    """Heading and signs as they stand at the foot of ``area``; they may reach above it when they are long."""
    radius = size * 0.66
    indent = 2 * radius + 20
    endless = Box(area.x + indent, area.y, area.width - indent, 10_000)
    tone = TONES[spec.severity]
    texts: list[TextBlock] = []
    markers: list[Disc] = []
    number_style = Style(Face.BOLD, (round(size * 0.82),), tone.on_signal, max_lines=1)
    bottom = area.bottom
    for index in range(len(signs) - 1, -1, -1):
        style = Style(Face.MEDIUM, (size,), WHITE, 1.28, max_lines)
        block = set_text(f"sign {index + 1}", signs[index], endless, style)
        first, last = block.lines[0].baseline, block.lines[-1].baseline
        above = max(first - block.box.y, size * 0.78)
        below = max(block.box.bottom - last, size * 0.26)
        block = block.moved(0, bottom - below - last)
        marker = Disc((area.x + radius, block.lines[0].baseline - size * 0.36), radius)
        number = set_text(f"number {index + 1}", str(index + 1), marker.box, number_style, valign="middle")
        texts += [block, number.moved(marker.centre[0] - number.box.x - number.box.width / 2, 0)]
        markers.append(marker)
        bottom = min(block.lines[0].baseline - above, marker.box.y) - size * 0.5
    heading = _optional(
        "signs heading",
        spec.signs_heading,
        Box(area.x, area.y, area.width, 60),
        Style(
            Face.BOLD,
            (size - 2, size - 6, 16),
            tone.signal_text,
            max_lines=1,
        ),
    )
    heading = [block.moved(0, bottom - 4 - block.box.bottom) for block in heading]
    top = min([bottom, *(block.box.y for block in heading)]) - 24
    return _Body((*heading, *texts), tuple(markers), Box(area.x, top, area.width, 2))


def _imprint(spec: CardSpec, box: Box, *, brand: Sequence[int], agency: Sequence[int]) -> list[TextBlock]:
    """Who warns: the name of the service above the name of the agency."""
    head = _optional(
        "brand", spec.brand, Box(box.x, box.y, box.width, 44), Style(Face.BOLD, brand, INK, max_lines=1)
    )
    room = Box(box.x, box.y, box.width, box.height - 10 - sum(block.box.height for block in head))
    lower = _optional("agency", spec.agency, room, Style(Face.MEDIUM, agency, PAPER_MUTED, 1.26, 2))
    return _stacked([*head, *lower], box, gap=10)


def _address(spec: CardSpec, box: Box) -> list[TextBlock]:
    """Address and reference code of the wide card, flush right."""
    room = Box(box.x, box.y, box.width, 58)
    url = _printed_address(spec, room, Style(Face.BOLD, (24, 22, 20, 18), INK, 1.26, 2), align="right")
    style = Style(Face.MEDIUM, (21, 19, 17), PAPER_MUTED, max_lines=1)
    code = _optional("reference", spec.reference_code, Box(box.x, box.y, box.width, 32), style, align="right")
    return _stacked([*url, *code], box, gap=10)


def _scan_lines(spec: CardSpec, box: Box, *, with_code: bool) -> list[TextBlock]:
    """Address, then what the code beside it is for and the reference code."""
    url = _printed_address(
        spec, Box(box.x, box.y, box.width, 50), Style(Face.BOLD, (25, 23, 21, 19), INK, 1.26, 1)
    )
    parts = [spec.scan_hint if with_code else "", spec.reference_code]
    hint = " · ".join(part for part in map(drawable, parts) if part)
    style = Style(Face.MEDIUM, (23, 21, 19, 17), PAPER_MUTED, max_lines=1)
    return _stacked([*url, *_optional("hint", hint, Box(box.x, box.y, box.width, 36), style)], box, gap=11)


def _printed_address(spec: CardSpec, box: Box, style: Style, *, align: str = "left") -> list[TextBlock]:
    """The address; only its host when the whole would have to be cut somewhere."""
    blocks = _optional("address", spec.printed_address, box, style, align=align)
    if blocks and blocks[0].shortened:
        host = spec.printed_address.split("/", 1)[0]
        return _optional("address", f"{host}/…", box, style, align=align)
    return blocks


def _qr(spec: CardSpec, box: Box) -> QrPlace | None:
    if not spec.address:
        return None
    try:
        matrix = qr_matrix(spec.address)
    except ValueError:
        return None
    module = int(box.width // (len(matrix) + QUIET_ZONE))
    return QrPlace(box, module, matrix) if module >= _LEAST_MODULE else None


def _optional(name: str, text: str, box: Box, style: Style, *, align: str = "left") -> list[TextBlock]:
    return [set_text(name, text, box, style, align=align)] if drawable(text) else []


def _stacked(blocks: Sequence[TextBlock], box: Box, *, gap: float) -> list[TextBlock]:
    """``blocks`` one below the other, the stack in the vertical middle of ``box``."""
    total = sum(block.box.height for block in blocks) + gap * (len(blocks) - 1)
    y = box.y + (box.height - total) / 2
    placed = []
    for block in blocks:
        placed.append(block.moved(0, y - block.box.y))
        y += block.box.height + gap
    return placed
