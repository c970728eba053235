"""The addresses of this part in both languages, and its finished files: the empty forms.

The hourly renewal follows what can be chosen.
"""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from cms.portal import addresses
from cms.portal.sections import Standing


@dataclass(frozen=True, slots=True)
class Pages:
    """The paths of this part in one language."""

    form: str
    namespace: str

    @property
    def ask(self) -> str:
        """Where the form is sent."""
        return f"{self.form}dang-ky/"

    def behind(self, name: str, token: str) -> str:
        """The page ``name`` (confirm, options, leave) that a signed ``token`` opens."""
        return reverse(f"{self.namespace}:{name}", args=[token])


VIETNAMESE: Final = Pages("/theo-doi/", "subscriptions_public")
ENGLISH: Final = Pages("/en/theo-doi/", "english_subscriptions_public")
STAMP: Final = f"{VIETNAMESE.form}dau/"
"""Of the forms in either language: a stamp has none."""
PAGES: Final = Standing(VIETNAMESE.form, ENGLISH.form)


def pages_in(language: str) -> Pages:
    """The paths in ``language``."""
    return ENGLISH if language == "en" else VIETNAMESE


def other_than(pages: Pages) -> Pages:
    """The paths in the other language."""
    return VIETNAMESE if pages is ENGLISH else ENGLISH


def listed() -> tuple[str, ...]:
    """What the sitemap names."""
    return VIETNAMESE.form, ENGLISH.form


def alternates() -> dict[str, str]:
    """The empty form in each language."""
    return addresses.alternates(VIETNAMESE.form, ENGLISH.form)
