"""The self-check the public sees: the words and ways of its newest approved edition, and nothing else.

The part that keeps approved editions says so once with ``told_by``. Without one there is no self-check.
"""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer and the key of the question or outcome it leads to."""

    label: str
    to: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    key: str
    question: str
    help: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a way ends: an honest verdict, and what to do next."""

    key: str
    verdict: str
    title: str
    text: str
    do: tuple[str, ...]
    types: tuple[str, ...]
    """Keys of the scam types whose warnings stand below."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign a message may show; ``phrases`` as they were typed."""

    key: str
    weight: int
    label: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The whole self-check. The first question is where it starts."""

    title: str
    lead: str
    questions: dict[str, Question]
    outcomes: dict[str, Outcome]
    signs: tuple[Sign, ...]
    advice: dict[str, str]
    """Verdict over a pasted message → what the reader is told."""

    @property
    def start(self) -> Question:
        """The first question."""
        return next(iter(self.questions.values()))

    @property
    def victim(self) -> str:
        """Key of the outcome for those who already lost something; empty without one."""
        return next((key for key, item in self.outcomes.items() if item.verdict == "victim"), "")

    def parent(self, key: str) -> str:
        """The first question that leads to ``key``; empty for the start."""
        for question in self.questions.values():
            if any(choice.to == key for choice in question.choices):
                return question.key
        return ""


@dataclass(frozen=True, slots=True)
class Public:
    """What was decided last: a self-check, or that it was taken back and why."""

    check: SelfCheck | None
    withdrawn_because: str = ""


class Teller(Protocol):
    """The part that keeps approved editions."""

    def newest(self) -> Public | None:
        """The newest decision; None when nothing was ever approved."""

    def is_open(self) -> bool:
        """Whether that is a self-check: asked for every page, so without reading all of it."""


_tellers: list[Teller] = []


def told_by(teller: Teller) -> None:
    """Called once by the part that keeps approved editions, when its app is ready."""
    _tellers.append(teller)


def public() -> Public:
    """What the public may see now."""
    for teller in _tellers:
        found = teller.newest()
        if found is not None:
            return found
    return Public(None)


def self_check() -> SelfCheck | None:
    """The approved self-check; None when there is none, or it was withdrawn."""
    return public().check


def is_open() -> bool:
    """Whether there is a self-check to lead to."""
    return any(teller.is_open() for teller in _tellers)


def read(title: str, lead: str, data: dict[str, Any]) -> SelfCheck:
    """The self-check that sealed ``data`` describes."""
    return SelfCheck(
        title=title,
        lead=lead,
        questions={
            row["key"]: Question(
                row["key"],
                row["question"],
                row["help"],
                tuple(Choice(choice["label"], choice["to"]) for choice in row["choices"]),
            )
            for row in data["questions"]
        },
        outcomes={
            row["key"]: Outcome(
                row["key"],
                row["verdict"],
                row["title"],
                row["text"],
                tuple(row["do"]),
                tuple(kind["key"] for kind in row["types"]),
            )
            for row in data["outcomes"]
        },
        signs=tuple(
            Sign(row["key"], row["weight"], row["label"], tuple(row["phrases"])) for row in data["signs"]
        ),
        advice=dict(data["advice"]),
    )
