"""Everything a server can do to a call: whether the call took effect, and what the caller sees of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP reply."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


class Silence(StrEnum):
    """How the caller is left without a reply."""

    HOLD = "hold"
    """The connection stays open and nothing comes."""
    DROP = "drop"
    """The connection is closed."""
    RESET = "reset"
    """The connection is torn down."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What happens to one call."""

    acts: bool
    """The call takes effect."""
    reply: Reply | None = None
    """Sent instead of the platform's own reply."""
    silence: Silence | None = None
    late: bool = False
    """It takes effect only after the caller gave up."""
    delay: float = 0.0
    """Seconds until the reply: within the caller's patience."""
    half: bool = False
    """The reply ends in the middle of its body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Set on the reply over the platform's own."""


ELSEWHERE: Final = "/elsewhere"
"""Where the redirect leads; nobody may go there."""

REFUSALS: Final[Mapping[str, Reply]] = {
    "refuse": Reply(422, b'{"error": "no"}'),
    "throttled": Reply(429, b"{}", {"Retry-After": "7"}),
    "gone": Reply(410, b"{}"),
    "forbidden": Reply(403, b"{}"),
}
"""Definite refusals in the plainest HTTP; a receiver gives them the form of its platform."""

_ERROR = Reply(500, b"{}")
_GATEWAY = Reply(502, b"<html><body>502 Bad Gateway</body></html>", {"Content-Type": "text/html"})
_LOGIN = Reply(200, b"<html><body>Log in to this network</body></html>", {"Content-Type": "text/html"})
_EMPTY = Reply(200, b"")
_BROKEN = Reply(200, b'{"id": ')
_NULL = Reply(200, b"null")

# What looks the same to the caller comes with and without effect: a guess is wrong in one of the two.
FAILURES: Final[Mapping[str, Failure]] = {
    **{name: Failure(False, reply) for name, reply in REFUSALS.items()},
    "effect_then_error": Failure(True, _ERROR),
    "error_no_effect": Failure(False, _ERROR),
    "effect_then_timeout": Failure(True, silence=Silence.HOLD),
    "timeout_no_effect": Failure(False, silence=Silence.HOLD),
    "timeout_then_effect": Failure(True, silence=Silence.HOLD, late=True),
    "drop": Failure(True, silence=Silence.DROP),
    "drop_no_effect": Failure(False, silence=Silence.DROP),
    "reset": Failure(True, silence=Silence.RESET),
    "reset_no_effect": Failure(False, silence=Silence.RESET),
    "effect_then_html_502": Failure(True, _GATEWAY),
    "html_502": Failure(False, _GATEWAY),
    "html_200": Failure(False, _LOGIN),
    "empty_200": Failure(True, _EMPTY),
    "empty_200_no_effect": Failure(False, _EMPTY),
    "bad_json": Failure(True, _BROKEN),
    "bad_json_no_effect": Failure(False, _BROKEN),
    "null_200": Failure(True, _NULL),
    "null_200_no_effect": Failure(False, _NULL),
    "half_body": Failure(True, half=True),
    "redirect": Failure(False, Reply(307, b"", {"Location": ELSEWHERE})),
    "slow": Failure(True, delay=0.1),
    "text_javascript": Failure(True, headers={"Content-Type": "text/javascript; charset=UTF-8"}),
    "no_content_type": Failure(True, headers={"Content-Type": ""}),
}
NONE: Final = Failure(True)
"""A call to which nothing happens."""
