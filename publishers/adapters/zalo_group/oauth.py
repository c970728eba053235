"""Refreshing an Official Account's token pair.

A refresh token is good once, and minting a pair kills the old access token. So a reply that got lost leaves
an unknown state: the pair we hold may be dead. A refresh token that was used before is answered with
HTTP 200 and nothing at all, which looks the same.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.core.http import HttpClient
from publishers.adapters.base import Endpoint
from publishers.adapters.verdict import Meaning, Rule, Step, verdict
from publishers.adapters.zalo_group.errors import UNREACHED
from publishers.adapters.zalo_group.oa import OaFailure, exchange
from publishers.contracts import PublishError

PATH = "v4/oa/access_token"
DEFAULT_LIFE = 90_000
"""Seconds an access token lives when the reply does not say (25 h, as documented)."""
RENEWABLE_DAYS = 90
"""A renewal code is good for three months; each renewal gives a new one."""
LOST = Rule(
    Meaning.AMBIGUOUS,
    _(
        "Zalo gave no clear answer to the renewal of the access token. "
        "If messages fail, open Channels → Accounts."
    ),
)
_SPENT = Rule(
    Meaning.ACCESS,
    _("Zalo no longer renews the Official Account's access. Open Channels → Accounts to connect it again."),
)
_APP = Rule(
    Meaning.ACCESS,
    _("Zalo does not accept the application's id or secret key. Open Channels, correct them and reconnect."),
)
CODES: dict[int, Rule] = {-14002: _APP, -14003: _APP, -14004: _APP, -14014: _SPENT}
_TOKEN = re.compile(r"[\x21-\x7e]{1,4000}")


def is_token(value: Any) -> bool:
    """Whether ``value`` can be a token: something that fits in one header."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def refresh(secrets: Mapping[str, str], endpoint: Endpoint) -> dict[str, str]:
    """Exchange the refresh token for a new pair; returns the new secrets, their ends in ISO 8601.

    Raises OutcomeUnknown when no clear answer came, AuthExpired when a person must reconnect, and
    Temporary when the request surely never left.
    """
    if not all(is_token(secrets.get(name)) for name in ("app_id", "secret_key", "refresh_token")):
        raise verdict(_SPENT, Step.PREPARE, code="no_refresh_token")
    client = HttpClient(connect_timeout=endpoint.connect_timeout, read_timeout=endpoint.read_timeout)
    form = {
        "refresh_token": secrets["refresh_token"],
        "app_id": secrets["app_id"],
        "grant_type": "refresh_token",
    }
    try:
        reply = exchange(
            client,
            "POST",
            f"{endpoint.token_url.rstrip('/')}/{PATH}",
            hidden=(secrets["refresh_token"], secrets["secret_key"]),
            headers={"secret_key": secrets["secret_key"]},
            data=form,
        )
    except OaFailure as failure:
        raise _to_error(failure) from failure
    finally:
        client.close()
    if not is_token(reply.get("access_token")):
        raise verdict(LOST, Step.PUBLISH, code="no_access_token")
    return _renewed(secrets, reply)


def _renewed(secrets: Mapping[str, str], reply: Mapping[str, Any]) -> dict[str, str]:
    # The new access token works even when the rest of the reply is odd; dropping it would lose the account.
    successor = reply.get("refresh_token")
    renewed = {**secrets, **ends(reply), "access_token": reply["access_token"]}
    if isinstance(successor, str) and is_token(successor):
        renewed["refresh_token"] = successor
    return renewed


def ends(reply: Mapping[str, Any]) -> dict[str, str]:
    """When the pair in ``reply`` ends, in ISO 8601: ``expires_at`` of the access, ``reconnect_by`` of the rest."""
    now = timezone.now()
    moments = {"expires_at": now + timedelta(seconds=_life(reply.get("expires_in")))}
    if is_token(reply.get("refresh_token")):
        moments["reconnect_by"] = now + timedelta(days=RENEWABLE_DAYS)
    return {name: moment.isoformat(timespec="seconds") for name, moment in moments.items()}


def _life(value: Any) -> int:
    """``expires_in`` in seconds: documented as a number, sent as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    return value if type(value) is int and 0 < value < 10**9 else DEFAULT_LIFE


def _to_error(failure: OaFailure) -> PublishError:
    if not failure.left:
        return verdict(UNREACHED, Step.PREPARE, code=failure.label)
    known = failure.refused and failure.status < 500
    rule = CODES.get(failure.code, LOST) if known else LOST
    return verdict(rule, Step.PUBLISH, code=failure.label)
