"""What a share card says, without a word about how it looks."""

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["info", "caution", "urgent"]
CardSize = Literal["wide", "square"]

# Link previews of Facebook and Zalo show 1.91:1; a post's own picture is best square.
PIXELS: Final[dict[CardSize, tuple[int, int]]] = {"wide": (1200, 630), "square": (1080, 1080)}
MAX_SIGNS: Final = 3


@dataclass(frozen=True, slots=True)
class CardSpec:
    """The texts of one card.

    ``title`` up to 90 characters is shown whole whatever its letters are. ``kicker`` is the name of the scam
    type. ``url_text`` is the permanent address, with or without its scheme: it is printed, and the QR code of
    the square card points to it (https when no scheme is given). ``signs`` (at most three are used) appear on
    the square card. Empty texts are left out, except ``title`` and ``severity_label``.
    """

    title: str
    severity: Severity
    severity_label: str
    kicker: str = ""
    agency: str = ""
    reference_code: str = ""
    url_text: str = ""
    signs: tuple[str, ...] = ()
    size: CardSize = "wide"
    brand: str = "Kẻng – Cảnh báo lừa đảo"
    signs_heading: str = "Dấu hiệu nhận biết"
    scan_hint: str = "Quét mã để xem cách phòng tránh"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the card."""
        return PIXELS[self.size]

    @property
    def address(self) -> str:
        """The full permanent address, or an empty text."""
        url = self.url_text.strip()
        return url if not url or "://" in url else f"https://{url}"

    @property
    def printed_address(self) -> str:
        """The address as people read and type it: without scheme and closing slash."""
        return self.url_text.strip().split("://", 1)[-1].rstrip("/")
