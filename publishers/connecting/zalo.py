"""Zalo's consent in the browser: authorisation code with PKCE, version 4.

A code is good once, for about ten minutes. If the reply to its exchange is lost, it is burnt: a person
starts again, and the pair stored so far stays. Source: docs.zaloplatforms.com, OAuth v4, and Zalo's own SDK.
"""

import base64
import hashlib
import secrets as tokens
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.http import HttpClient
from publishers.adapters import replies
from publishers.adapters.base import Endpoint
from publishers.adapters.zalo_group import oauth
from publishers.adapters.zalo_group.oa import OaFailure, exchange
from publishers.connecting.refusals import NotConnected

CONSENT: Final = "v4/oa/permission"
_APP: Final = gettext_lazy(
    "Zalo does not know this application id. Copy it again from the application's page at "
    "developers.zalo.me, then start again."
)
_REDIRECT: Final = gettext_lazy(
    "Zalo does not accept the address it should come back to. Register the address shown below as the "
    "callback URL of the application at developers.zalo.me, then start again."
)
_SECRET: Final = gettext_lazy(
    "Zalo does not accept the application's secret key. Copy it again from the application's page at "
    "developers.zalo.me, enter it below, and start again."
)
_CODE: Final = gettext_lazy(
    "Zalo does not accept the code it gave: it is good once and for ten minutes, and it must fit this "
    "request. Start again, and agree at Zalo without delay."
)
SENTENCES: Final[dict[int, str | Promise]] = {
    -14002: _APP,
    -14003: _REDIRECT,
    -14004: _SECRET,
    -14012: _CODE,
}


def new_verifier() -> str:
    """The PKCE verifier of one request: 43 characters, or the one the settings fix."""
    return settings.ZALO_CODE_VERIFIER or tokens.token_urlsafe(32)


def consent_url(*, app_id: str, redirect_uri: str, state: str, verifier: str) -> str:
    """Where a person agrees. The challenge is the unpadded base64url of the raw SHA-256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "app_id": app_id,
        "redirect_uri": redirect_uri,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "state": state,
    }
    return f"{settings.ZALO_OAUTH_URL.rstrip('/')}/{CONSENT}?{urlencode(asked)}"


def granted_pair(
    endpoint: Endpoint, *, app_id: str, secret_key: str, code: str, verifier: str
) -> dict[str, str]:
    """Exchange ``code`` for a pair of tokens: the secrets to store. Raises NotConnected."""
    client = HttpClient(connect_timeout=endpoint.connect_timeout, read_timeout=endpoint.read_timeout)
    form = {
        "code": code,
        "app_id": app_id,
        "grant_type": "authorization_code",
        "code_verifier": verifier,
    }
    try:
        reply = exchange(
            client,
            "POST",
            f"{endpoint.token_url.rstrip('/')}/{oauth.PATH}",
            hidden=(code, secret_key, verifier),
            headers={"secret_key": secret_key},
            data=form,
        )
    except OaFailure as failure:
        raise _to_refusal(failure) from failure
    finally:
        client.close()
    access, renewal = reply.get("access_token"), reply.get("refresh_token")
    if not (oauth.is_token(access) and oauth.is_token(renewal)):
        raise _lost("no_pair")
    pair = {"access_token": str(access), "refresh_token": str(renewal)}
    return {"app_id": app_id, "secret_key": secret_key, **pair, **oauth.ends(reply)}


def refusal_sentence(code: int | None) -> str:
    """What a person reads when Zalo refuses with ``code``, on the way back or at the exchange."""
    known = SENTENCES.get(code or 0)
    if known is not None:
        return str(known)
    if code is None:
        return _("Zalo sent no agreement back, so nothing was changed. Start again and agree at Zalo.")
    return _("Zalo refused with the code %s, so nothing was changed. Start again.") % code


def return_code(value: str) -> int | None:
    """The number of an error Zalo sent back to us; None if it is none."""
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def account_id(value: Any) -> str:
    """The id of an Official Account as Zalo sent it back, or ""."""
    return replies.identifier(value)


def _to_refusal(failure: OaFailure) -> NotConnected:
    if not failure.left:
        return NotConnected(
            _("Zalo could not be reached, so nothing was changed. Start again in a few minutes."),
            code=failure.label,
        )
    if failure.refused and failure.status < 500:
        return NotConnected(refusal_sentence(failure.code), code=failure.label)
    return _lost(failure.label)


def _lost(code: str) -> NotConnected:
    return NotConnected(
        _(
            "Zalo's answer did not arrive, and its code is good only once. The access stored so far was not "
            "changed. Start again."
        ),
        code=code,
    )
