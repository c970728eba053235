"""The colours of the cards. Every pair of text and ground has a contrast of at least 4.5 to 1."""

from dataclasses import dataclass
from typing import Final

from media.renderers.card_spec import Severity

INK: Final = "#0b1c2c"
PAPER: Final = "#f8f2e4"
PAPER_MUTED: Final = "#4b5b66"
WHITE: Final = "#ffffff"
MUTED: Final = "#c5d6db"


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours that change with the severity."""

    ground_top: str
    ground_bottom: str
    signal: str
    # The signal colour where it is text on the ground.
    signal_text: str
    on_signal: str
    stripe: str
    glow: str
    # More rings of sound the more urgent the warning is.
    waves: int


TONES: Final[dict[Severity, Tone]] = {
    "info": Tone("#0b2436", "#0f4a55", "#86d6de", "#86d6de", INK, "#86d6de", "#2f97a3", 4),
    "caution": Tone("#0a1f33", "#12384a", "#ffb627", "#ffb627", INK, INK, "#c07a12", 6),
    "urgent": Tone("#0d1828", "#351823", "#cf2222", "#ff9d8f", WHITE, PAPER, "#d92b2b", 8),
}
