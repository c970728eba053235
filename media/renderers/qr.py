"""QR codes of public addresses: error level M, the quiet zone of four modules the standard asks for."""

import io
from functools import lru_cache

import segno

QUIET_ZONE = 4


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, True where dark, without the quiet zone.

    Raises ValueError when ``text`` is empty or too long for a QR code (2,331 bytes at level M).
    """
    return tuple(tuple(module == 1 for module in row) for row in _code(text).matrix)


def qr_svg(text: str, *, title: str = "", dark: str = "#0b1c2c", light: str = "#ffffff") -> str:
    """Inline SVG of ``text`` that scales with its container; ``title`` is its accessible name.

    Raises ValueError as ``qr_matrix`` does.
    """
    svg: str = _code(text).svg_inline(
        border=QUIET_ZONE, dark=dark, light=light, title=title or None, omitsize=True, svgclass="qr"
    )
    return svg.replace("<svg ", '<svg role="img" ' if title else '<svg aria-hidden="true" ', 1)


def qr_png(text: str, scale: int = 8) -> bytes:
    """PNG of ``text``, ``scale`` pixels a module, black on white. Raises ValueError as ``qr_matrix`` does."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=scale, border=QUIET_ZONE)
    return out.getvalue()


# The same address stands on a page each time it is written, and on its card.
@lru_cache(maxsize=512)
def _code(text: str) -> segno.QRCode:
    if not text:
        raise ValueError("a QR code needs a text")
    return segno.make_qr(text, error="m", boost_error=False)
