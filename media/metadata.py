"""The notes an image file carries beside its pixels: EXIF, XMP, IPTC, comments, text chunks.

Read without a decoder and within bounds, so that it may be asked of any upload. Colour profiles are not notes.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

_MOST_INFLATED: Final = 1_000_000
_JPEG_NOTES: Final = {0xE1, 0xED, 0xFE}
_PNG_NOTES: Final = {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
_WEBP_NOTES: Final = {b"EXIF", b"XMP "}


def notes(data: bytes) -> Iterator[bytes]:
    """The content of every note in a JPEG, PNG or WebP, texts inflated; nothing for other or broken data."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            yield from _jpeg(data)
        elif data.startswith(b"\x89PNG\r\n\x1a\n"):
            yield from _png(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            yield from _webp(data)
    except (struct.error, IndexError):
        return


def _jpeg(data: bytes) -> Iterator[bytes]:
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in {0xDA, 0xD9}:
            return
        (length,) = struct.unpack_from(">H", data, place + 2)
        if marker in _JPEG_NOTES:
            yield data[place + 4 : place + 2 + length]
        place += 2 + max(length, 2)


def _png(data: bytes) -> Iterator[bytes]:
    place = 8
    while place + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind in _PNG_NOTES:
            yield _text(kind, content)
        place += 12 + length


def _text(kind: bytes, content: bytes) -> bytes:
    """``content`` of a PNG chunk, with compressed text inflated behind its keyword."""
    word, _null, rest = content.partition(b"\0")
    if kind == b"zTXt":
        return word + b"\n" + _inflated(rest[1:])
    if kind == b"iTXt" and rest[:1] == b"\1":
        return word + b"\n" + _inflated(rest[2:].split(b"\0", 2)[-1])
    return content


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST_INFLATED)
    except zlib.error:
        return b""


def _webp(data: bytes) -> Iterator[bytes]:
    place = 12
    while place + 8 <= len(data):
        kind = data[place : place + 4]
        (length,) = struct.unpack_from("<I", data, place + 4)
        if kind in _WEBP_NOTES:
            yield data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
