"""What an image must be to enter, and how it is made clean.

The rules hold for every way in, because the model's own file field applies them (``media.fields``); the form
field applies them first, so that the person sees the reason beside the field.
"""

import io
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from PIL import Image, ImageCms, ImageFile, ImageOps

from cms.core.secrecy import markings_in_bytes, markings_in_name
from media.metadata import notes

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
# A side longer than this serves no channel and no screen; such an image is made smaller, not refused.
MAX_STORED_SIDE: Final = 2560
EXTENSIONS: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MIME_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

_MESSAGES: Final = {
    "empty": _("The file is empty. Choose the image again."),
    "name": _("The file name contains a character that is not allowed. Rename the file and upload it again."),
    "too_large": _("The file is larger than 10 MB. Reduce the image and upload it again."),
    "type": _(
        "This file is not a JPEG, PNG or WebP image. Save it as one of these types and upload it again."
    ),
    "too_many_pixels": _(
        "The image has more than 40 million pixels. Reduce its width and height and upload it again."
    ),
    "animated": _("Moving images are not accepted. Choose a still image."),
    "marked": _(
        "The name of the file, its text or the notes inside it carry a mark of secrecy. Do not upload protected "
        "documents. If it is none, rename the file and remove the mark first."
    ),
    "damaged": _(
        "The image is damaged or was not uploaded completely. Open it, save it again and upload the new file."
    ),
}


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What the header of an image says: format ("JPEG", "PNG", "WEBP") and size in pixels."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A re-encoded image: ``data`` holds pixels and nothing else."""

    data: bytes
    format: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.format]

    @property
    def mime(self) -> str:
        return MIME_TYPES[self.format]


class CleanUpload(ContentFile):
    """A file whose content went through ``clean``; its name is random, safe and unguessable."""

    image: Any

    def __init__(self, image: CleanImage) -> None:
        super().__init__(image.data, name=f"{secrets.token_hex(16)}.{image.extension}")
        self.content_type = image.mime


def refusal(code: str) -> ValidationError:
    """The error of one refusal ``code``, with the sentence the person reads."""
    return ValidationError(_MESSAGES[code], code=code)


def inspect(data: bytes) -> ImageFacts:
    """Judge ``data`` by its header alone, before any pixel is decoded.

    Raises ValidationError with the codes empty, too_large, type, too_many_pixels, animated or damaged.
    """
    if not data:
        raise refusal("empty")
    if len(data) > MAX_BYTES:
        raise refusal("too_large")
    kind = _kind(data)
    if kind is None:
        raise refusal("type")
    if kind == "WEBP":
        _judge_webp_header(data)
    with _opened(data, kind) as image:
        if image.width * image.height > MAX_PIXELS:
            raise refusal("too_many_pixels")
        # A phone's JPEG may carry a second picture (MPO); the first one is the photograph.
        if kind != "JPEG" and getattr(image, "is_animated", False):
            raise refusal("animated")
        return ImageFacts(kind, image.width, image.height)


def refuse_marked(name: str, data: bytes) -> None:
    """Raise ValidationError (marked) when the file name or the notes in ``data`` say that it is protected.

    Asked before the image is cleaned: afterwards nothing is left to see it by.
    """
    if markings_in_name(name) or any(markings_in_bytes(note) for note in notes(data[:MAX_BYTES])):
        raise refusal("marked")


def clean(data: bytes) -> CleanImage:
    """``data`` decoded and encoded again: upright, sRGB, at most MAX_STORED_SIDE a side, without metadata.

    Everything that is not a pixel is lost on purpose: EXIF with its position, XMP, comments, colour profile
    (applied first), and whatever was hidden behind the end of the image. Raises what ``inspect`` raises.
    """
    facts = inspect(data)
    with _opened(data, facts.format) as source:
        # A JPEG can be decoded at half or quarter size: a fraction of the memory for a very large one.
        source.draft(None, _stored_size(facts))
        pixels = _upright_srgb(source)
        out = io.BytesIO()
        if facts.format == "JPEG":
            pixels.convert("RGB").save(out, "JPEG", quality=90, optimize=True, progressive=True)
        elif facts.format == "PNG":
            pixels.save(out, "PNG", optimize=pixels.width * pixels.height < 4_000_000)
        else:
            pixels.save(out, "WEBP", quality=90, method=4)
        return CleanImage(out.getvalue(), facts.format, pixels.width, pixels.height)


def _stored_size(facts: ImageFacts) -> tuple[int, int]:
    share = min(1.0, MAX_STORED_SIDE / max(facts.width, facts.height))
    return max(1, round(facts.width * share)), max(1, round(facts.height * share))


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def _judge_webp_header(data: bytes) -> None:
    """Read a WebP's size and animation flag by hand: Pillow makes two whole canvases as it opens one.

    Layout: RFC 9649 sections 2.4 to 2.7.
    """
    try:
        if data[12:16] == b"VP8X":
            width = 1 + int.from_bytes(data[24:27], "little")
            height = 1 + int.from_bytes(data[27:30], "little")
            if data[20] & 0b10:
                raise refusal("animated")
        elif data[12:16] == b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        elif data[12:16] == b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
        else:
            raise refusal("damaged")
    except (IndexError, struct.error) as error:
        raise refusal("damaged") from error
    if width * height > MAX_PIXELS:
        raise refusal("too_many_pixels")


@contextmanager
def _opened(data: bytes, kind: str) -> Iterator[ImageFile.ImageFile]:
    """Pillow's image of ``data``; any failure inside becomes one of our refusals."""
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            yield image
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refusal("too_many_pixels") from error
    except Exception as error:
        # On hostile bytes decoders fail in many ways: OSError, SyntaxError, ValueError, struct.error …
        raise refusal("damaged") from error


def _upright_srgb(source: ImageFile.ImageFile) -> Image.Image:
    """The pixels of ``source`` as L, RGB or RGBA, turned upright, in sRGB, with nothing attached."""
    profile: bytes | None = source.info.get("icc_profile")
    image: Image.Image = source if source.mode in _DIRECT_MODES else _plain(source)
    # Without a reducing gap: it would ask for a draft again, and a second draft spoils the first.
    image.thumbnail((MAX_STORED_SIDE, MAX_STORED_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
    image = ImageOps.exif_transpose(image)
    if profile:
        image = _converted(image, profile)
    bare = _plain(image).copy()
    # Pillow writes some of these notes back when it saves.
    bare.info = {}
    return bare


_DIRECT_MODES: Final = ("L", "RGB", "RGBA", "CMYK")


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    """``image`` brought from ``profile`` to sRGB; unchanged when the profile does not fit."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colour = image.convert("RGB") if alpha else image
    try:
        converted = ImageCms.profileToProfile(
            colour,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken or foreign profile changes shades at worst; the picture itself is fine.
        return image
    if converted is None:
        return image
    if alpha:
        converted.putalpha(alpha)
    return converted


def _plain(image: Image.Image) -> Image.Image:
    """``image`` in L, RGB or RGBA, whichever keeps what it shows."""
    if image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("L" if image.mode == "1" else "RGB")
