"""From what a platform's answer means, at the step it was given, to the error the dispatcher understands.

The same answer weighs differently before and after the one call that makes a post visible: no answer to an
upload is a reason to try again, no answer to the post itself is an unknown outcome.
"""

from dataclasses import dataclass
from enum import StrEnum

from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    LookupFailed,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Rejected,
    Scope,
    Temporary,
)


class Meaning(StrEnum):
    """What an answer, or its absence, says about the call."""

    UNREACHED = "unreached"
    """The request surely never left."""
    THROTTLED = "throttled"
    LATER = "later"
    """Refused for now."""
    AMBIGUOUS = "ambiguous"
    """May have acted."""
    ACCESS = "access"
    """The account may not; a person must act on it."""
    CONTENT = "content"
    GONE = "gone"


class Step(StrEnum):
    """Where in a delivery a call stands."""

    PREPARE = "prepare"
    """Before anything is visible: an upload, a token refresh."""
    PUBLISH = "publish"
    """The guarded call."""
    LOOK = "look"
    """Reading back."""
    CHECK = "check"


_DEFINITE: dict[Meaning, type[PublishError]] = {
    Meaning.UNREACHED: Temporary,
    Meaning.THROTTLED: RateLimited,
    Meaning.LATER: Temporary,
    Meaning.ACCESS: AuthExpired,
    Meaning.CONTENT: Rejected,
    Meaning.GONE: ChannelGone,
}
_STILL_SAID_WHEN_LOOKING = (Meaning.THROTTLED, Meaning.ACCESS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of an error table."""

    meaning: Meaning
    sentence: object
    """For a person: what happened and what to do next; text, or text yet to be translated."""
    retry_after: float | None = None
    """Seconds; overridden by what the platform says."""
    scope: Scope = Scope.ACCOUNT
    """Who has to wait after a throttle."""


def error_class(meaning: Meaning, step: Step) -> type[PublishError]:
    """The class of publishers.contracts to raise."""
    if step is Step.LOOK and meaning not in _STILL_SAID_WHEN_LOOKING:
        return LookupFailed
    if meaning is Meaning.AMBIGUOUS:
        return OutcomeUnknown if step is Step.PUBLISH else Temporary
    return _DEFINITE[meaning]


def verdict(rule: Rule, step: Step, *, code: str, retry_after: float | None = None) -> PublishError:
    """The error to raise for ``rule`` at ``step``. ``code`` is the platform's own, for the log."""
    wait = retry_after if retry_after is not None else rule.retry_after
    kind = error_class(rule.meaning, step)
    if kind is RateLimited:
        return RateLimited(str(rule.sentence), code=code, retry_after=wait, scope=rule.scope)
    return kind(str(rule.sentence), code=code, retry_after=wait)
