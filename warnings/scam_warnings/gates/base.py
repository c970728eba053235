"""What a gate is: one question about a warning, answered with done or not done, and how to mend it."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from django.utils import timezone

from scam_warnings.gates.content import FieldText, texts
from scam_warnings.models import ScamWarningPage


class State(StrEnum):
    """How a gate stands."""

    DONE = "done"
    NOT_DONE = "not_done"
    HINT = "hint"
    """Worth a look; it stands in nobody's way."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to look."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of one gate, in the active language."""

    key: str
    label: str
    state: State
    sentence: str
    mend: str = ""
    """What to do about it; empty when there is nothing to do."""
    field: str = ""
    """The field of the editor where it is mended."""
    details: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    errors: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """What is wrong, by field."""


@dataclass(frozen=True)
class Subject:
    """The warning the gates are asked about: one revision, as an object."""

    page: ScamWarningPage
    viewer: Any = None
    """Whoever reads the answers; other people's unpublished warnings are named to those only who may edit them."""
    today: date = dataclasses.field(default_factory=timezone.localdate)

    @cached_property
    def texts(self) -> list[FieldText]:
        """Every text of the warning, with the field it stands in."""
        return texts(self.page)


class Gate(ABC):
    """One question. Subclasses are stateless; ``key`` is stable, ``label`` short."""

    key: ClassVar[str]
    label: ClassVar[Any]
    field: ClassVar[str] = ""
    advisory: ClassVar[bool] = False
    """True for a gate that only ever hints; it is asked for people, not before a signature."""

    @abstractmethod
    def ask(self, subject: Subject) -> Result:
        """The answer for ``subject``. Never raises for bad content: that is an answer too."""

    def done(self, sentence: str) -> Result:
        return Result(self.key, str(self.label), State.DONE, sentence)

    def not_done(
        self,
        sentence: str,
        mend: str,
        *,
        field: str = "",
        details: Sequence[str] = (),
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> Result:
        where = field or self.field
        return Result(
            self.key,
            str(self.label),
            State.NOT_DONE,
            sentence,
            mend,
            where,
            tuple(details),
            errors=errors or {where: [f"{sentence} {' '.join(details)}".strip()]},
        )

    def hint(
        self,
        sentence: str,
        mend: str,
        *,
        field: str = "",
        details: Sequence[str] = (),
        links: Sequence[Link] = (),
    ) -> Result:
        return Result(
            self.key,
            str(self.label),
            State.HINT,
            sentence,
            mend,
            field or self.field,
            tuple(details),
            tuple(links),
        )
