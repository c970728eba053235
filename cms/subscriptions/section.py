"""The addresses of this part in both languages, and its finished files: the empty forms.

The hourly renewal follows what can be chosen.
"""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from cms.intake.languages import InEach
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


PAGES: Final = InEach(
    Pages("/theo-doi/", "subscriptions_public"),
    Pages("/en/theo-doi/", "english_subscriptions_public"),
)
STAMP: Final = f"{PAGES.vietnamese.form}dau/"
"""Of the forms in either language: a stamp has none."""
FINISHED: Final = Standing(*(pages.form for pages in PAGES))


def listed() -> tuple[str, ...]:
    """What the sitemap names."""
    return tuple(pages.form for pages in PAGES)


def alternates() -> dict[str, str]:
    """The empty form in each language."""
    return addresses.alternates(PAGES.vietnamese.form, PAGES.english.form)
