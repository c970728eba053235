"""Reading uploaded pictures, fetching one by address, and drawing the avatars."""

from __future__ import annotations

import io
import ipaddress
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "BMP": "bmp", "TIFF": "tif"}
AVATAR_PIXELS = 200
FETCH_SECONDS = 5


@dataclass(frozen=True)
class Picture:
    """What a file turned out to be: Pillow's format name and the size in pixels."""

    format: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.format]


def inspect(data: bytes) -> Picture | None:
    """The picture in ``data``, or None if it is none of EXTENSIONS or is broken."""
    # Pillow is slow to import and most runs of the server never see a picture before they are up.
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=tuple(EXTENSIONS)) as image:
            image.verify()
            return Picture(image.format or "", *image.size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def is_local(url: str) -> bool:
    """Whether ``url`` is a web address of this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return local and parts.scheme in ("http", "https")


def fetch_local(url: str, limit: int) -> bytes | None:
    """Fetch a picture from this machine, up to ``limit`` + 1 bytes; None when it cannot be had.

    The sandbox never calls out: an address that is not loopback is treated as unreachable.
    """
    if not is_local(url):
        return None
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        with opener.open(url, timeout=FETCH_SECONDS) as reply:
            data: bytes = reply.read(limit + 1)
    except (OSError, ValueError):
        return None
    return data


@lru_cache(maxsize=16)
def avatar(colour: str) -> bytes:
    """A neutral PNG emblem on ``colour``: a gong (kẻng) under its bar."""
    from PIL import Image, ImageDraw

    size = AVATAR_PIXELS * 4
    image = Image.new("RGB", (size, size), colour)
    draw = ImageDraw.Draw(image)
    unit = size / 100
    draw.rounded_rectangle((22 * unit, 22 * unit, 78 * unit, 28 * unit), 3 * unit, fill="white")
    for x in (36, 64):
        draw.line((x * unit, 28 * unit, x * unit, 44 * unit), fill="white", width=int(2.4 * unit))
    draw.ellipse((26 * unit, 36 * unit, 74 * unit, 84 * unit), fill="white")
    draw.ellipse((33 * unit, 43 * unit, 67 * unit, 77 * unit), outline=colour, width=int(2.4 * unit))
    draw.ellipse((44 * unit, 54 * unit, 56 * unit, 66 * unit), fill=colour)
    out = io.BytesIO()
    image.resize((AVATAR_PIXELS, AVATAR_PIXELS), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
