"""Lists of numbers as short text: what the browser reads quickly and Brotli makes small."""

from collections.abc import Iterable
from typing import Final

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def number(value: int) -> str:
    """``value`` (0 or more) in digits of five bits, the lowest first; all but the last have the sixth bit set."""
    out = ""
    while True:
        value, low = value >> 5, value & 31
        if not value:
            return out + _DIGITS[low]
        out += _DIGITS[low | 32]


def rising(values: Iterable[int]) -> str:
    """``values``, none below the one before it, as differences."""
    out: list[str] = []
    last = 0
    for value in values:
        out.append(number(value - last))
        last = value
    return "".join(out)


def signed(values: Iterable[int]) -> str:
    """``values`` in any order, as differences; the lowest bit of each is its sign."""
    out: list[str] = []
    last = 0
    for value in values:
        step = value - last
        out.append(number(step * 2 if step >= 0 else -step * 2 - 1))
        last = value
    return "".join(out)
