"""The languages of the forms, and what a part says once for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import models


class Language(models.TextChoices):
    """In which a citizen filled in a form; each is called by its own name."""

    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class InEach(Generic[Said]):
    """The same thing in either language, such as the addresses of a form."""

    vietnamese: Said
    english: Said

    def written_in(self, language: str) -> Said:
        """That of ``language``, a code such as ``en``; Vietnamese for any other."""
        return self.english if language == Language.ENGLISH else self.vietnamese

    def other_than(self, said: Said) -> Said:
        """That of the other language."""
        return self.vietnamese if said == self.english else self.english

    def __iter__(self) -> Iterator[Said]:
        """Vietnamese, then English."""
        yield from (self.vietnamese, self.english)
