"""A sealed warning, its picture, and a text that no careless program passes on unchanged."""

import hashlib
import io
from functools import cache

from publishers.contracts import Image, Message

REFERENCE = "CB-2026-00123"


def message(reference: str = REFERENCE, image: bytes = b"", text: str = "") -> Message:
    """A sealed warning; its text carries ``reference`` unless another ``text`` is given."""
    body = text or f"Giả danh cán bộ thuế yêu cầu cài ứng dụng.\nKhông làm theo, gọi 113.\nMã: {reference}"
    link = f"https://canhbao.example.vn/{reference.lower()}/"
    return Message(
        reference,
        "Giả danh cán bộ thuế",
        body,
        link,
        (sealed_image(image),) if image else (),
        delivery_id=f"{reference}-1",
    )


def sealed_image(data: bytes) -> Image:
    """``data`` as a sealed picture."""
    return Image(hashlib.sha256(data).hexdigest(), "image/jpeg", 60, 30, "Thẻ cảnh báo", lambda: data)


@cache
def picture() -> bytes:
    """A small JPEG."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.new("RGB", (60, 30), "#b3261e").save(out, "JPEG")
    return out.getvalue()


def awkward_text(reference: str = REFERENCE) -> str:
    """Everything that is trimmed, joined, escaped or normalised somewhere, and was signed as it is."""
    return (
        f"  Hai khoảng trắng đầu dòng, mã {reference}\n"
        # The same word precomposed and decomposed: both were signed, neither may become the other.
        "Cảnh báo – Ca\u0309nh ba\u0301o\n"
        "\n\n\tTab, ba dòng trống ở trên; “ngoặc” \"thẳng\" 'đơn' \\ / % %20 + &amp; <b>đậm</b> {x} $HOME\n"
        "hxxps://vi-du[.]vn/?a=1&b=2#c  \n"
        "👩‍👧 🇻🇳 ☎️\n"
        "Dòng cuối có khoảng trắng "
    )
