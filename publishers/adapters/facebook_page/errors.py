"""What the Graph API's error codes mean for a post, and the sentence a person reads.

Codes: developers.facebook.com/docs/graph-api/guides/error-handling; subcodes as observed by posting tools.
A subcode weighs more than its code, a code more than ``is_transient``: a throttle reply may carry it too.
A code that is in no table proves nothing.
"""

from django.utils.translation import gettext_lazy as _

from publishers.adapters.facebook_page.graph import GraphFailure
from publishers.adapters.verdict import Meaning, Rule, Step, verdict
from publishers.contracts import PublishError, Scope

UNREACHED = Rule(
    Meaning.UNREACHED,
    _("Facebook could not be reached, so nothing was posted. The system will try again by itself."),
)
AMBIGUOUS = Rule(
    Meaning.AMBIGUOUS,
    _(
        "Facebook gave no clear answer, so the post may or may not be on the page. "
        "The system will look for it there; do not post it again by hand."
    ),
)
_REPEATED = Rule(
    Meaning.AMBIGUOUS,
    _(
        "Facebook says that this post is already on the page. "
        "The system will look for it there; do not post it again by hand."
    ),
)
_THROTTLED = Rule(
    Meaning.THROTTLED,
    _("The page has reached Facebook's limit of calls. The system will wait and post later."),
)
_APP_THROTTLED = Rule(
    Meaning.THROTTLED,
    _("Our application has reached Facebook's limit of calls. The system will wait and post later."),
    scope=Scope.PLATFORM,
)
_TOO_FAST = Rule(
    Meaning.THROTTLED,
    _("Facebook finds that the page posts too fast and holds it back. The system will wait and post later."),
    retry_after=3600.0,
    scope=Scope.CHANNEL,
)
POST_GONE = Rule(
    Meaning.CONTENT,
    _("The post is no longer on the page: somebody deleted it there. There is nothing left to change."),
)
_TOKEN = Rule(
    Meaning.ACCESS,
    _("The page's access token is no longer valid. Open Channels → Accounts to connect this page again."),
)
_EXPIRED = Rule(
    Meaning.ACCESS,
    _("The page's access token has expired. Open Channels → Accounts to connect this page again."),
)
_APP_REMOVED = Rule(
    Meaning.ACCESS,
    _("The page has removed this application. Open Channels → Accounts and allow the application again."),
)
_CHECKPOINT = Rule(
    Meaning.ACCESS,
    _(
        "Facebook wants the page's administrator to confirm who they are. "
        "Sign in to Facebook, follow its instructions, then open Channels → Accounts."
    ),
)
_PASSWORD = Rule(
    Meaning.ACCESS,
    _(
        "The page's administrator has changed the Facebook password, so access ended. "
        "Open Channels → Accounts to connect this page again."
    ),
)
_ROLE = Rule(
    Meaning.ACCESS,
    _(
        "The account that connected this page no longer has a role on it. "
        "Give it back the right to create content, then open Channels → Accounts."
    ),
)
_PERMISSION = Rule(
    Meaning.ACCESS,
    _(
        "Facebook does not permit this application to post on the page. "
        "Reconnect the page and grant the permissions to read and manage its posts."
    ),
)
_PROOF = Rule(
    Meaning.ACCESS,
    _(
        "The application's secret does not match the access token. "
        "Open Channels and enter the app secret again."
    ),
)
_BLOCKED = Rule(
    Meaning.ACCESS,
    _(
        "Facebook has blocked the page from posting for now. "
        "Look at the page's quality section on Facebook, settle the matter there, then reconnect the page."
    ),
)
_CONFIRM = Rule(
    Meaning.ACCESS,
    _(
        "Facebook demands that the page be confirmed before it may post. "
        "Follow the instructions on Facebook, then reconnect the page."
    ),
)
_STANDARDS = Rule(
    Meaning.CONTENT,
    _(
        "Facebook refused the post because it sees a breach of its community standards. "
        "Reword the text or replace the picture, then submit the warning for approval again."
    ),
)
_CONTENT = Rule(
    Meaning.CONTENT,
    _(
        "Facebook refused the content of the post. "
        "Check the text, link and picture, then submit it for approval again."
    ),
)
_PHOTO = Rule(
    Meaning.CONTENT,
    _(
        "Facebook refused the picture. "
        "Use a JPEG or PNG below 4 MB, then submit the warning for approval again."
    ),
)
_LINK = Rule(
    Meaning.CONTENT,
    _(
        "Facebook could not read the link in the post. "
        "Check that the public portal opens from the internet, then send again."
    ),
)
_OWN_LINK = Rule(
    Meaning.CONTENT,
    _(
        "Facebook does not accept a link to its own pages here. "
        "Replace the link, then submit it for approval again."
    ),
)
_GONE = Rule(
    Meaning.GONE,
    _(
        "Facebook no longer shows this page to us: it was deleted, hidden or its number is wrong. "
        "Check the page on Facebook and its number in Channels."
    ),
)

SUBCODES: dict[int, Rule] = {
    33: _GONE,
    458: _APP_REMOVED,
    459: _CHECKPOINT,
    460: _PASSWORD,
    463: _EXPIRED,
    464: _CHECKPOINT,
    467: _TOKEN,
    492: _ROLE,
    1346003: _STANDARDS,
    1363047: AMBIGUOUS,
    1366046: _PHOTO,
    1366051: _REPEATED,
    1390008: _TOO_FAST,
    1404078: _CONFIRM,
    1404102: _STANDARDS,
    1404112: _BLOCKED,
    1609005: _LINK,
    1609008: _OWN_LINK,
    1609010: AMBIGUOUS,
    2061006: _LINK,
    2069019: _PHOTO,
    4854002: _CONFIRM,
}
CODES: dict[int, Rule] = (
    {
        1: AMBIGUOUS,
        2: AMBIGUOUS,
        3: _PERMISSION,
        4: _APP_THROTTLED,
        10: _PERMISSION,
        17: _THROTTLED,
        32: _THROTTLED,
        100: _CONTENT,
        102: _TOKEN,
        190: _TOKEN,
        341: _THROTTLED,
        368: _BLOCKED,
        506: _REPEATED,
        613: _THROTTLED,
    }
    | dict.fromkeys(range(200, 300), _PERMISSION)
    | dict.fromkeys(range(80000, 80015), _THROTTLED)
)
_REPEATED_WORDING = ("already posted", "already been posted", "duplicate")


def rule_of(failure: GraphFailure) -> Rule:
    """The line of the tables that fits ``failure``."""
    if not failure.left:
        return UNREACHED
    # A server error may follow the effect, whatever code it carries: code 2 was seen on posts that stood.
    if not failure.refused or failure.status >= 500:
        return AMBIGUOUS
    if failure.subcode in SUBCODES:
        return SUBCODES[failure.subcode]
    rule = CODES.get(failure.code, AMBIGUOUS)
    if rule is _BLOCKED and any(words in failure.detail.lower() for words in _REPEATED_WORDING):
        return _REPEATED
    # The name of the parameter is all that tells a wrong proof from wrong content.
    if rule is _CONTENT and "appsecret_proof" in failure.detail:
        return _PROOF
    return rule


def to_error(failure: GraphFailure, step: Step) -> PublishError:
    """The error to raise for ``failure`` at ``step``."""
    rule = rule_of(failure)
    wait = failure.retry_after if rule.meaning is Meaning.THROTTLED and rule.retry_after is None else None
    return verdict(rule, step, code=failure.label, retry_after=wait)


def is_gone(failure: GraphFailure) -> bool:
    """Whether Facebook says that the object of the call does not exist (100/33, or 803 for an alias)."""
    return (
        failure.refused and failure.status < 500 and (failure.code, failure.subcode) in {(100, 33), (803, 0)}
    )


def token_rule(subcode: object) -> Rule:
    """The line for a token that debug_token calls invalid."""
    rule = SUBCODES.get(subcode, _TOKEN) if isinstance(subcode, int) else _TOKEN
    return rule if rule.meaning is Meaning.ACCESS else _TOKEN
