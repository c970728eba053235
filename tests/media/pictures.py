"""Images as people and attackers upload them, made on the spot."""

import io
import struct
import zlib

from PIL import Image, ImageCms

GPS_INFO = 34853
ORIENTATION = 274


def photo(width: int = 64, height: int = 48) -> Image.Image:
    """A picture in which left and right, top and bottom can be told apart."""
    image = Image.new("RGB", (width, height), (20, 60, 200))
    image.paste((220, 30, 30), (0, 0, width // 2, height // 2))
    return image


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 64, height: int = 48, **options: object) -> bytes:
    return encode(photo(width, height), "JPEG", **options)


def png(width: int = 64, height: int = 48) -> bytes:
    return encode(photo(width, height), "PNG")


def webp(width: int = 64, height: int = 48) -> bytes:
    return encode(photo(width, height), "WEBP")


def private_jpeg() -> bytes:
    """A phone's photograph: lying on its side, with position, camera, comment, XMP and colour profile."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[271] = "SECRET-CAMERA"
    exif.get_ifd(GPS_INFO).update({1: "N", 2: (11.0, 56.0, 25.0), 3: "E", 4: (108.0, 26.0, 30.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(
        exif=exif, comment=b"SECRET-COMMENT", xmp=b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>", icc_profile=profile
    )


def red_and_blue_swapped() -> bytes:
    """An sRGB profile in which the red and the blue primary have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    names = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}
    (tags,) = struct.unpack_from(">I", profile, 128)
    for place in range(132, 132 + 12 * tags, 12):
        name = bytes(profile[place : place + 4])
        profile[place : place + 4] = names.get(name, name)
    return bytes(profile)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    """A few hundred bytes that announce a picture of ``width`` × ``height`` grey pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose frame header announces ``width`` × ``height`` pixels."""
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP of the extended format whose canvas is ``width`` × ``height`` pixels."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas
    body = b"WEBP" + extended + webp()[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def animated(kind: str) -> bytes:
    frames = [photo(), Image.new("RGB", (64, 48), "green")]
    return encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
