"""The addresses of this part in both languages, and its finished files.

Finished are the empty form and the page that asks for a receipt code. No publication changes them; the hourly
renewal follows what is offered as scam types and units.
"""

from dataclasses import dataclass
from typing import Final

from cms.portal import addresses
from cms.portal.sections import Standing


@dataclass(frozen=True, slots=True)
class Pages:
    """The paths of this part in one language."""

    form: str
    follow_up: str

    @property
    def send(self) -> str:
        """Where the form is sent."""
        return f"{self.form}gui/"

    @property
    def standing(self) -> str:
        """Where a receipt code is sent."""
        return f"{self.follow_up}ket-qua/"


VIETNAMESE: Final = Pages("/phan-anh/", "/phan-anh/tra-cuu/")
ENGLISH: Final = Pages("/en/phan-anh/", "/en/phan-anh/tra-cuu/")
STAMP: Final = f"{VIETNAMESE.form}dau/"
"""Of the forms in either language: a stamp has none."""
PAGES: Final = Standing(VIETNAMESE.form, VIETNAMESE.follow_up, ENGLISH.form, ENGLISH.follow_up)


def pages_in(language: str) -> Pages:
    """The paths in ``language``."""
    return ENGLISH if language == "en" else VIETNAMESE


def other_than(pages: Pages) -> Pages:
    """The paths in the other language."""
    return VIETNAMESE if pages is ENGLISH else ENGLISH


def listed() -> tuple[str, ...]:
    """What the sitemap names."""
    return VIETNAMESE.form, ENGLISH.form


def form_alternates() -> dict[str, str]:
    """The empty form in each language."""
    return addresses.alternates(VIETNAMESE.form, ENGLISH.form)


def follow_up_alternates() -> dict[str, str]:
    """The page that asks for a receipt code in each language."""
    return addresses.alternates(VIETNAMESE.follow_up, ENGLISH.follow_up)
