"""What the Official Account API's error codes mean for a group message, and the sentence a person reads.

Codes: the error table of docs.zaloplatforms.com (2026). A code that is in no table proves nothing.
"""

from datetime import datetime, timedelta, timezone

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from publishers.adapters.verdict import Meaning, Rule, Step, verdict
from publishers.adapters.zalo_group.oa import OaFailure
from publishers.contracts import PublishError

UNREACHED = Rule(
    Meaning.UNREACHED,
    _("Zalo could not be reached, so nothing was sent. The system will try again by itself."),
)
AMBIGUOUS = Rule(
    Meaning.AMBIGUOUS,
    _(
        "Zalo gave no clear answer, so the message may or may not be in the group. "
        "The system will look for it there; do not send it again by hand."
    ),
)
TOKEN = Rule(
    Meaning.ACCESS,
    _(
        "Zalo no longer accepts the Official Account's access token. "
        "Open Channels → Accounts to connect it again."
    ),
)
_THROTTLED = Rule(
    Meaning.THROTTLED,
    _("The Official Account has reached Zalo's limit of calls. The system will wait and send later."),
    retry_after=60.0,
)
_QUOTA = Rule(
    Meaning.THROTTLED,
    _(
        "The Official Account's quota at Zalo is used up. "
        "The system will try again every hour; ask the administrator to buy more or wait until it is renewed."
    ),
    retry_after=3600.0,
)
NIGHT = Rule(
    Meaning.THROTTLED,
    _("Zalo does not deliver this kind of message at night. The system will send it at 06:00."),
)
_HANDLE = Rule(
    Meaning.LATER,
    _("Zalo no longer holds the uploaded picture, so nothing was sent. The system will upload it again."),
)
_OA_DISABLED = Rule(
    Meaning.ACCESS,
    _(
        "The Official Account is locked or does not exist. "
        "Check it in Zalo's administration, then open Channels → Accounts."
    ),
)
_APP = Rule(
    Meaning.ACCESS,
    _(
        "Zalo does not permit this application to send for the Official Account. "
        "Check the application and its rights at Zalo, then open Channels → Accounts."
    ),
)
_VERIFY = Rule(
    Meaning.ACCESS,
    _(
        "The Official Account must be verified before it may send into groups. "
        "Verify it at Zalo, then reconnect it."
    ),
)
_PLAN = Rule(
    Meaning.ACCESS,
    _(
        "The Official Account's plan at Zalo does not include group messages. "
        "Upgrade the plan, then reconnect it."
    ),
)
_PROOF = Rule(
    Meaning.ACCESS,
    _(
        "The application's secret key does not match the access token. "
        "Open Channels and enter the secret key again."
    ),
)
_GROUP = Rule(
    Meaning.GONE,
    _("The Zalo group is closed or disabled. Open it again at Zalo, or switch this channel off."),
)
_NOT_MEMBER = Rule(
    Meaning.GONE,
    _("The Official Account is no longer in this Zalo group. Add it again, or switch this channel off."),
)
_RECIPIENT = Rule(
    Meaning.GONE,
    _(
        "This Zalo destination no longer accepts messages from us. "
        "Check it at Zalo, or switch this channel off."
    ),
)
_CONTENT = Rule(
    Meaning.CONTENT,
    _(
        "Zalo refused the content of the message. "
        "Check the text and the picture, then submit it for approval again."
    ),
)
_LIMIT = Rule(
    Meaning.CONTENT,
    _(
        "The text or the picture is larger than Zalo allows. "
        "Make it smaller, then submit it for approval again."
    ),
)
_POLICY = Rule(
    Meaning.CONTENT,
    _(
        "Zalo refused the message under its content policy. "
        "Reword the text, then submit it for approval again."
    ),
)

CODES: dict[int, Rule] = {
    -32: _THROTTLED,
    -100: _HANDLE,
    -124: TOKEN,
    -133: NIGHT,
    -144: _QUOTA,
    -147: _QUOTA,
    -200: AMBIGUOUS,
    -201: _CONTENT,
    -204: _OA_DISABLED,
    -205: _OA_DISABLED,
    -209: _APP,
    -210: _LIMIT,
    -211: _QUOTA,
    -212: _APP,
    -213: _RECIPIENT,
    -216: TOKEN,
    -217: _RECIPIENT,
    -218: _QUOTA,
    -219: _APP,
    -220: TOKEN,
    -221: _VERIFY,
    -223: _APP,
    -224: _PLAN,
    -227: _RECIPIENT,
    -233: _CONTENT,
    -234: NIGHT,
    -237: _GROUP,
    -242: _PROOF,
    -244: _RECIPIENT,
    -248: _POLICY,
    -320: _APP,
    -321: _APP,
    -403: _NOT_MEMBER,
}
# The night ban ends at 06:00; the zone is not stated, Zalo's own country is assumed.
_MORNING = 6
_ZONE = timezone(timedelta(hours=7))


def rule_of(failure: OaFailure) -> Rule:
    """The line of the table that fits ``failure``."""
    if not failure.left:
        return UNREACHED
    # A gateway's server error may follow the effect, whatever it carries.
    if not failure.refused or failure.status >= 500:
        return AMBIGUOUS
    return CODES.get(failure.code, AMBIGUOUS)


def to_error(failure: OaFailure, step: Step) -> PublishError:
    """The error to raise for ``failure`` at ``step``."""
    rule = rule_of(failure)
    wait = failure.retry_after if rule is _THROTTLED else None
    if rule is NIGHT:
        wait = seconds_until_morning(now())
    return verdict(rule, step, code=failure.label, retry_after=wait)


def seconds_until_morning(moment: datetime) -> float:
    """Seconds from ``moment`` (aware) to the next 06:00 in Vietnam."""
    local = moment.astimezone(_ZONE)
    morning = local.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    return (morning - local).total_seconds()
