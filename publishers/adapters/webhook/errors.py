"""What a partner's answer means, and the sentence a person reads."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from publishers.adapters.verdict import Meaning, Rule
from publishers.contracts import Scope

HAVE_IT: Final = 409
"""The receiver already took this Idempotency-Key."""
UNREACHED = Rule(
    Meaning.UNREACHED,
    _("The partner's system could not be reached, so nothing was sent. The system will try again by itself."),
)
AMBIGUOUS = Rule(
    Meaning.AMBIGUOUS,
    _("The partner's system gave no clear answer. The system repeats it; the partner takes it only once."),
)
FORBIDDEN = Rule(
    Meaning.CONTENT,
    _(
        "The partner's address is not one this system may call: it must begin with https:// and lead to a "
        "public host. Correct it under Channels."
    ),
)
_THROTTLED = Rule(
    Meaning.THROTTLED,
    _("The partner's system asks for patience. The system will wait and send later."),
    scope=Scope.CHANNEL,
)
_ACCESS = Rule(
    Meaning.ACCESS,
    _("The partner's system does not accept our signature. Give the partner the current signing key."),
)
_GONE = Rule(
    Meaning.GONE,
    _("The partner no longer takes warnings at this address. Ask the partner, or switch this channel off."),
)
_MOVED = Rule(
    Meaning.CONTENT,
    _("The partner's address redirects elsewhere. Enter the final address under Channels."),
)
_CONTENT = Rule(
    Meaning.CONTENT,
    _("The partner's system refuses the message. Show the partner the error code and docs/webhook.md."),
)


def rule_of(status: int) -> Rule:
    """The line for an HTTP status that is no success."""
    if status == 429:
        return _THROTTLED
    if status in (401, 403):
        return _ACCESS
    if status == 410:
        return _GONE
    if 300 <= status < 400:
        return _MOVED
    return _CONTENT if 400 <= status < 500 and status != 408 else AMBIGUOUS
