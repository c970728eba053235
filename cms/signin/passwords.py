"""Password rules after NIST SP 800-63B-4: length, a blocklist, nothing else; no expiry, no prescribed characters.

A password that is the only factor needs 15 characters, beside a second factor 12 (the guideline asks for 8).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.core.text import fold
from cms.signin.requirement import has_second_factor, needs_second_factor

LEAST_ALONE: Final = 15
LEAST_WITH_FACTOR: Final = 12
MOST: Final = 128
LEAST_OWN: Final = 6
"""Letters that must be left of a password when everything that others would guess is taken out."""
_WORDS: Final = Path(__file__).parent / "data" / "guessed-first.txt"
_RUNS: Final = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
)


def normalise(password: str) -> str:
    """``password`` as it is compared: however a keyboard composes the Vietnamese marks, it is one password."""
    return unicodedata.normalize("NFKC", password)


class PasswordField(forms.CharField):
    """A password, taken as typed but for the composition of its characters; may be pasted and shown."""

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        purpose = "new-password" if new else "current-password"
        widget = forms.PasswordInput(
            render_value=False, attrs={"autocomplete": purpose, "data-reveal": "", "maxlength": MOST}
        )
        super().__init__(**{"widget": widget, "strip": False, "max_length": MOST, **options})

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


class LengthValidator:
    """Long enough for what else protects the account."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        least = least_length(user)
        if len(normalise(password)) < least:
            raise ValidationError(
                ngettext(
                    "The password is too short: at least %(least)d character.",
                    "The password is too short: at least %(least)d characters.",
                    least,
                )
                % {"least": least},
                code="password_too_short",
            )
        if len(password) > MOST:
            raise ValidationError(
                _("The password is too long: at most %(most)d characters.") % {"most": MOST},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return _(
            "At least %(alone)d characters, or %(both)d with a second factor. A few words that only you would "
            "put together are best; spaces and Vietnamese letters are welcome."
        ) % {"alone": LEAST_ALONE, "both": LEAST_WITH_FACTOR}


class GuessedFirstValidator:
    """Refuses what is guessed first: common words and runs, names of the person, the unit and the product."""

    message = gettext_lazy(
        "This password is guessed first: it is made of common words, runs of keys, or names that belong to "
        "you or the agency. Take a few words that have nothing to do with each other."
    )

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if len(own_letters(password, user)) < LEAST_OWN:
            raise ValidationError(self.message, code="password_guessed_first")

    def get_help_text(self) -> str:
        return _("No common words, runs of keys, names of persons or of the agency alone.")


def least_length(user: Any) -> int:
    """Fewest characters of a password of ``user`` (None: nobody in particular)."""
    protected = user is not None and user.pk and (needs_second_factor(user) or has_second_factor(user))
    return LEAST_WITH_FACTOR if protected else LEAST_ALONE


def own_letters(password: str, user: Any = None) -> str:
    """What is left of ``password`` without guessable words, runs, repetitions and signs.

    Digits count only where nothing was taken out: a year behind a common word adds nothing.
    """
    whole = _squeezed(password)
    left = whole
    for word in sorted({*_guessed_first(), *_about(user)}, key=len, reverse=True):
        left = left.replace(word, " ")
    for run in _RUNS:
        for line in (run, run[::-1]):
            for size in range(len(line), 3, -1):
                for start in range(len(line) - size + 1):
                    left = left.replace(line[start : start + size], " ")
    left = re.sub(r"(.)\1{2,}", " ", left)
    left = re.sub(r"\s" if left == whole else r"[\s\d]", "", left)
    # A syllable said again adds nothing.
    return re.sub(r"(.{2,}?)\1+", r"\1", left)


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


@cache
def _guessed_first() -> frozenset[str]:
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    words = {_squeezed(line) for line in lines if not line.startswith("#")}
    return frozenset({word for word in words if len(word) >= 3} | {_squeezed(settings.WAGTAIL_SITE_NAME)})


def _about(user: Any) -> Iterator[str]:
    if user is None:
        return
    local, _at, domain = (getattr(user, "email", "") or "").partition("@")
    texts = [user.get_username(), user.first_name, user.last_name, local, domain]
    unit = getattr(user, "unit", None)
    texts.append(str(unit) if unit else "")
    for text in texts:
        yield from (
            word for word in (_squeezed(part) for part in re.split(r"[\s._@-]+", text)) if len(word) >= 3
        )
        whole = _squeezed(text)
        if len(whole) >= 3:
            yield whole
