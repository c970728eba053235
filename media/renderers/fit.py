"""An image brought below the limits of a channel."""

import io

from PIL import Image, UnidentifiedImageError

_QUALITIES = (88, 82, 75, 68, 60)
_SMALLEST_SIDE = 64


def fit_image(data: bytes, *, max_bytes: int, max_width: int, max_height: int) -> bytes:
    """``data`` as a JPEG of at most ``max_bytes`` bytes and ``max_width`` × ``max_height`` pixels.

    A JPEG already within the limits comes back unchanged. Otherwise quality is lowered first, then size;
    proportions stay, transparency becomes white. The same input gives the same bytes. Raises ValueError when
    ``data`` is not an image or no image of 64 pixels a side fits.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as source:
            small_enough = (
                len(data) <= max_bytes and source.width <= max_width and source.height <= max_height
            )
            if source.format == "JPEG" and small_enough:
                return data
            image = _flattened(source)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValueError("not a readable JPEG, PNG or WebP image") from error
    image.thumbnail((max_width, max_height), Image.Resampling.LANCZOS)
    while True:
        for quality in _QUALITIES:
            encoded = _jpeg(image, quality)
            if len(encoded) <= max_bytes:
                return encoded
        width, height = round(image.width * 0.8), round(image.height * 0.8)
        if min(width, height) < _SMALLEST_SIDE:
            raise ValueError(f"the image cannot be brought below {max_bytes} bytes")
        image = image.resize((width, height), Image.Resampling.LANCZOS)


def _flattened(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
