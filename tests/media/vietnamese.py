"""Random Vietnamese-looking words and texts for hypothesis, in NFC."""

import unicodedata

from hypothesis import strategies as st

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_VOWELS = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES]
_LETTERS = [*_VOWELS, *"bcdđghklmnpqrstvx"]
_LETTERS += [letter.upper() for letter in _LETTERS]


def words(longest: int = 12) -> st.SearchStrategy[str]:
    """One word; now and then one that is much longer than any real one."""
    letters = st.sampled_from(_LETTERS)
    return st.text(letters, min_size=1, max_size=longest)


def texts(limit: int = 90) -> st.SearchStrategy[str]:
    """A line of words of at most ``limit`` characters."""
    word = st.one_of(words(7), words(7), words(7), words(limit))
    return (
        st.lists(word, min_size=1, max_size=16)
        .map(lambda parts: " ".join(parts)[:limit].strip())
        .filter(bool)
    )
