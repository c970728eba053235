"""In which file of the index a word stands: by how a Vietnamese syllable begins, the same for ever.

A fixed division: no file appears or goes because of a word, so a missing file is always an error.
"""

from typing import Final

ONSETS: Final = (
    *("ch", "kh", "ng", "nh", "ph", "th", "tr"),
    *("b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x"),
)
"""Longest first: the first that fits is taken."""
WHOLE: Final = ("a", "e", "f", "i", "j", "o", "u", "w", "y", "z")
"""Beginnings with few syllables: one file each."""
DIGITS: Final = "0"
CLASSES: Final = ("a", "i", "o", "u")
_CLASS_OF: Final = {"a": "a", "e": "i", "i": "i", "y": "i", "o": "o"}
LETTERS: Final = (DIGITS, *"abcdefghijklmnopqrstuvwxyz")
"""For another language, and few warnings: by the first letter alone."""
LONGEST_NUMBER: Final = 4
"""Longer ones are reference codes: they are looked up, not searched for."""
NAMES: Final = (
    DIGITS,
    *WHOLE,
    *(f"{onset}-{letter}" for onset in ONSETS for letter in CLASSES),
)


def shard(word: str) -> str:
    """The name of the shard that holds the folded ``word`` (one letter or digit at least)."""
    if word[0].isdigit():
        return DIGITS
    for onset in ONSETS:
        if word.startswith(onset):
            rest = word[len(onset) : len(onset) + 1]
            return f"{onset}-{_CLASS_OF.get(rest, 'u')}"
    return word[0]


def letter(word: str) -> str:
    """The name among LETTERS of the file that holds the folded ``word``."""
    return DIGITS if word[0].isdigit() else word[0]


def is_indexed(word: str) -> bool:
    """False for long numbers, which would make one shard grow with every warning."""
    return not (word.isdigit() and len(word) > LONGEST_NUMBER)
