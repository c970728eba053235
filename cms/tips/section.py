"""The addresses of this part in both languages, and its finished files.

Finished are the empty form and the page that asks for a receipt code. No publication changes them; the hourly
renewal follows what is offered as scam types and units.
"""

from dataclasses import dataclass
from typing import Final

from cms.intake.languages import InEach
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


PAGES: Final = InEach(
    Pages("/phan-anh/", "/phan-anh/tra-cuu/"),
    Pages("/en/phan-anh/", "/en/phan-anh/tra-cuu/"),
)
STAMP: Final = f"{PAGES.vietnamese.form}dau/"
"""Of the forms in either language: a stamp has none."""
FINISHED: Final = Standing(*(path for pages in PAGES for path in (pages.form, pages.follow_up)))


def listed() -> tuple[str, ...]:
    """What the sitemap names."""
    return tuple(pages.form for pages in PAGES)


def form_alternates() -> dict[str, str]:
    """The empty form in each language."""
    return addresses.alternates(PAGES.vietnamese.form, PAGES.english.form)


def follow_up_alternates() -> dict[str, str]:
    """The page that asks for a receipt code in each language."""
    return addresses.alternates(PAGES.vietnamese.follow_up, PAGES.english.follow_up)
