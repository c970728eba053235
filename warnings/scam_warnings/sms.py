"""How carriers count a text message (GSM 03.38 and UCS-2)."""

from dataclasses import dataclass

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class SmsCount:
    """``units`` used of ``per_part`` in each of ``parts``; ``plain`` is False when accents force UCS-2."""

    units: int
    parts: int
    per_part: int
    plain: bool


def count_sms(text: str) -> SmsCount:
    """Units and parts of ``text``: 160/153 GSM-7 septets, or 70/67 UCS-2 units once a letter needs it."""
    plain = all(char in _BASIC or char in _EXTENDED for char in text)
    if plain:
        units = sum(2 if char in _EXTENDED else 1 for char in text)
        alone, chained = 160, 153
    else:
        units = len(text.encode("utf-16-le")) // 2
        alone, chained = 70, 67
    if units <= alone:
        return SmsCount(units, 1 if units else 0, alone, plain)
    return SmsCount(units, -(-units // chained), chained, plain)
