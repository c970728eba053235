"""The share card of a warning: the picture that stands for it in a feed, a chat, a link preview."""

import io
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from media.renderers.canvas import Canvas, around
from media.renderers.card_layout import Disc, Layout, QrPlace, layout_card
from media.renderers.card_spec import CardSize, CardSpec, Severity
from media.renderers.gong import draw_cords, draw_gong, draw_waves
from media.renderers.palette import INK, PAPER, TONES, WHITE, Tone
from media.renderers.typesetting import Box

__all__ = ["CardSize", "CardSpec", "Layout", "Severity", "layout_card", "render_card"]

# A card must load on a weak mobile connection.
MAX_BYTES: Final = 300_000
_STRIPE: Final = 26


def render_card(spec: CardSpec) -> bytes:
    """The card of ``spec`` as a JPEG below 300 kB, 1200 × 630 or 1080 × 1080 pixels.

    The same spec gives the same bytes. Raises ValueError as ``layout_card`` does.
    """
    layout = layout_card(spec)
    ground = _ground(
        spec.severity,
        (layout.width, layout.height),
        band=layout.band,
        footer=layout.footer,
        gong=layout.gong,
        mark=layout.mark,
    )
    canvas = Canvas.over(ground)
    _draw_badge(canvas, layout, spec.severity)
    image = canvas.finish()
    draw = ImageDraw.Draw(image)
    if layout.qr:
        _draw_qr(draw, layout.qr)
    for block in layout.texts:
        block.draw(draw)
    return _encoded(image)


def _encoded(image: Image.Image) -> bytes:
    for quality in (88, 82, 76, 70):
        out = io.BytesIO()
        # Without chroma subsampling: red and amber letters would get soft edges.
        image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()


@lru_cache(maxsize=6)
def _ground(
    severity: Severity, size: tuple[int, int], *, band: Box, footer: Box, gong: Disc, mark: Disc
) -> Image.Image:
    """Everything on a card that does not depend on its texts."""
    tone = TONES[severity]
    canvas = Canvas(*size, ground=tone.ground_top)
    canvas.linear_gradient(tone.ground_top, tone.ground_bottom)
    canvas.glow(gong.centre, gong.radius * 3.1, tone.glow, 0.62)
    draw_waves(canvas, gong.centre, gong.radius * 1.18, tone.waves, tone.signal)
    draw_cords(canvas, gong.centre, gong.radius, band.bottom, "#e9dcc0")
    canvas.disc((gong.centre[0] + 5, gong.centre[1] + 9), gong.radius, "#000000", 0.28)
    draw_gong(canvas, gong.centre, gong.radius)
    canvas.rectangle(footer.x, footer.y, footer.width, footer.height, PAPER)
    canvas.rectangle(footer.x, footer.y, footer.width, 6, tone.signal)
    draw_gong(canvas, mark.centre, mark.radius)
    _draw_band(canvas, band, tone)
    return canvas.finish()


def _draw_band(canvas: Canvas, band: Box, tone: Tone) -> None:
    """Slanted stripes along the head, plain where signal and stripe are one colour."""
    canvas.rectangle(band.x, band.y, band.width, band.height, tone.signal)
    if tone.stripe == tone.signal:
        return
    x = -band.height
    while x < band.right:
        foot, head = x, x + band.height
        canvas.polygon(
            [(head, band.y), (head + _STRIPE, band.y), (foot + _STRIPE, band.bottom), (foot, band.bottom)],
            tone.stripe,
        )
        x += 2 * _STRIPE


def _draw_badge(canvas: Canvas, layout: Layout, severity: Severity) -> None:
    tone, pill = TONES[severity], layout.pill
    canvas.rectangle(pill.x, pill.y, pill.width, pill.height, tone.signal, radius=pill.height * 0.22)
    _draw_icon(canvas, layout.icon, severity, tone)
    for marker in layout.markers:
        canvas.disc(marker.centre, marker.radius, tone.signal)
    if layout.rule:
        rule = layout.rule
        canvas.rectangle(rule.x, rule.y, rule.width, rule.height, WHITE, opacity=0.22)


def _draw_icon(canvas: Canvas, icon: Disc, severity: Severity, tone: Tone) -> None:
    """Circle with i, triangle with !, diamond with !: told apart by shape alone."""
    x, y = icon.centre
    r = icon.radius
    if severity == "info":
        canvas.disc(icon.centre, r, tone.on_signal)
        canvas.disc((x, y - r * 0.45), r * 0.15, tone.signal)
        canvas.rectangle(x - r * 0.13, y - r * 0.16, r * 0.26, r * 0.72, tone.signal, radius=r * 0.1)
        return
    if severity == "caution":
        y += r * 0.14
        canvas.polygon([around((x, y), r * 1.2, turn) for turn in (0, 120, 240)], tone.on_signal)
        top, length, dot = y - r * 0.55, r * 0.62, y + r * 0.33
    else:
        canvas.polygon([around((x, y), r * 1.3, 90 * turn) for turn in range(4)], tone.on_signal)
        top, length, dot = y - r * 0.62, r * 0.76, y + r * 0.48
    canvas.rectangle(x - r * 0.13, top, r * 0.26, length, tone.signal, radius=r * 0.1)
    canvas.disc((x, dot), r * 0.16, tone.signal)


def _draw_qr(draw: ImageDraw.ImageDraw, qr: QrPlace) -> None:
    box, module = qr.box, qr.module
    draw.rounded_rectangle((box.x, box.y, box.right - 1, box.bottom - 1), radius=8, fill=WHITE)
    # Whole pixels a module: a scaled code blurs. The spare pixels widen the quiet zone.
    side = module * len(qr.matrix)
    left = round(box.x + (box.width - side) / 2)
    top = round(box.y + (box.height - side) / 2)
    for row, modules in enumerate(qr.matrix):
        for column, dark in enumerate(modules):
            if dark:
                x, y = left + column * module, top + row * module
                draw.rectangle((x, y, x + module - 1, y + module - 1), fill=INK)
