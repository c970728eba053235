"""The smallest dispatcher that keeps the rule: send; after an unknown outcome look; never send blindly."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    LookupFailed,
    Message,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Receipt,
    Rejected,
    Temporary,
)

LOOKS = 4


class Verdict(StrEnum):
    """What the local side believes in the end."""

    OUT = "out"
    NOT_OUT = "not_out"
    AGAIN = "again"
    """Surely not out, and worth another try."""
    REPEAT = "repeat"
    """Unknown, and sending it once more changes nothing that stands (``Capabilities.repeatable``)."""
    PERSON = "person"


@dataclass
class Outcome:
    """The end of one delivery, and every error met on the way."""

    verdict: Verdict
    receipt: Receipt | None = None
    errors: list[PublishError] = field(default_factory=list)


class Target(Protocol):
    """One channel to deliver to."""

    def publisher(self, **parts: Any) -> Any:
        """A fresh adapter, as the dispatcher makes one for each call."""

    def settle(self) -> None:
        """Let everything that is under way at the other side come to its end."""


def send(target: Target, sealed: Message, **parts: Any) -> Outcome:
    """One attempt."""
    since = datetime.now(UTC)
    publisher = target.publisher(**parts)
    try:
        return Outcome(Verdict.OUT, publisher.send(sealed))
    except OutcomeUnknown as error:
        if publisher.capabilities.repeatable:
            target.settle()
            return Outcome(Verdict.REPEAT, errors=[error])
        if not publisher.capabilities.read_back:
            return Outcome(Verdict.PERSON, errors=[error])
        outcome = reconcile(target, sealed, since)
        outcome.errors.insert(0, error)
        return outcome
    except (Temporary, RateLimited) as error:
        return Outcome(Verdict.AGAIN, errors=[error])
    except (AuthExpired, Rejected, ChannelGone) as error:
        return Outcome(Verdict.NOT_OUT, errors=[error])


def reconcile(target: Target, sealed: Message, since: datetime) -> Outcome:
    """Read back until ours is seen, or until it was absent every time."""
    errors: list[PublishError] = []
    absent = 0
    for _look in range(LOOKS):
        target.settle()
        try:
            receipt = target.publisher().find(sealed, since)
        except (LookupFailed, RateLimited, AuthExpired) as error:
            errors.append(error)
            continue
        if receipt is not None:
            return Outcome(Verdict.OUT, receipt, errors)
        absent += 1
    # A look that failed leaves the last word to a person, unless the later ones saw all there is.
    return Outcome(Verdict.AGAIN if absent else Verdict.PERSON, errors=errors)


def deliver(target: Target, sealed: Message, attempts: int = 4) -> Outcome:
    """Attempts until it is out or somebody must look."""
    errors: list[PublishError] = []
    doubtful = False
    for _attempt in range(attempts):
        outcome = send(target, sealed)
        errors += outcome.errors
        doubtful = doubtful or outcome.verdict is Verdict.REPEAT
        if outcome.verdict not in (Verdict.AGAIN, Verdict.REPEAT):
            break
    if doubtful and outcome.verdict is not Verdict.OUT:
        # A refusal now says nothing about the earlier call that may have acted.
        outcome.verdict = Verdict.PERSON
    outcome.errors = errors
    return outcome
