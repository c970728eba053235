"""What a person has begun, kept between two requests: in their session, sealed, good once, for ten minutes."""

import hmac
import json
import secrets as tokens
from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from publishers.credentials import seal, unseal
from publishers.models import Credential

SECONDS: Final = 600
_STATE, _ACCOUNT, _BEGUN = "state", "account", "begun"


def begin(request: HttpRequest, purpose: str, account: Credential, values: Mapping[str, str]) -> str:
    """Keep ``values``, secrets too, for the next request of this session; returns the state to ask for it by.

    What was begun before for the same purpose is forgotten.
    """
    state = tokens.token_urlsafe(32)
    kept = {
        "values": json.dumps(dict(values)),
        _STATE: state,
        _ACCOUNT: str(account.pk),
        _BEGUN: str(timezone.now().timestamp()),
    }
    request.session[_key(purpose)] = seal(kept)
    return state


def take(request: HttpRequest, purpose: str, state: str) -> tuple[int, dict[str, str]] | None:
    """The account's number and the values kept under ``state``, once; None if there are none, or too old."""
    kept = unseal(request.session.pop(_key(purpose), ""))
    if not hmac.compare_digest(kept.get(_STATE, "").encode(), state.encode()) or not state:
        return None
    if timezone.now().timestamp() - float(kept[_BEGUN]) > SECONDS:
        return None
    return int(kept[_ACCOUNT]), json.loads(kept["values"])


def _key(purpose: str) -> str:
    return f"publishers.connecting.{purpose}"
