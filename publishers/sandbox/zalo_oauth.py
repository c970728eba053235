"""Zalo OAuth v4: the consent page's redirect, and the token endpoint with its rotating pairs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlencode, urlsplit

from publishers.sandbox import world
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import ACCESS_SECONDS, REFRESH_SECONDS, AccessToken, AuthCode, RefreshToken
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply
from publishers.sandbox.zalo_errors import ZaloError, oauth_error

PREFIX = "/zalo-oauth/"
CODE_SECONDS = 600
KEPT = 200


def run(remote: Remote, request: Request) -> Reply:
    """``POST /v4/oa/access_token``; the caller holds ``remote.lock``, so of two refreshes one wins."""
    as_string = remote.state.settings.zalo_oauth_error_as_string
    try:
        return _token(remote, request)
    except ZaloError as error:
        return oauth_error(error.code, as_string)
    except BadBody:
        return oauth_error(-14002, as_string)


def _token(remote: Remote, request: Request) -> Reply:
    if not _equal(request.headers.get("secret_key", ""), world.ZALO_SECRET_KEY):
        raise ZaloError(-14004)
    form = request.form
    if form.get("app_id") != world.ZALO_APP_ID:
        raise ZaloError(-14002)
    if form.get("grant_type") == "refresh_token":
        return _refresh(remote, form.get("refresh_token", ""))
    if form.get("grant_type") == "authorization_code":
        return _exchange(remote, form.get("code", ""), form.get("code_verifier", ""))
    raise ZaloError(-14012)


def _refresh(remote: Remote, text: str) -> Reply:
    token = remote.state.refresh_tokens.get(text)
    if token is None or token.expires_at <= remote.now():
        raise ZaloError(-14014)
    if token.used:
        # Seen in production: a spent refresh token is answered with nothing at all.
        return Reply(body=b"", content_type="text/plain; charset=utf-8", refused=True)
    token.used = True
    return _mint(remote)


def _exchange(remote: Remote, text: str, verifier: str) -> Reply:
    code = remote.state.codes.get(text)
    if code is None or code.used or code.expires_at <= remote.now():
        raise ZaloError(-14012)
    code.used = True
    if len(verifier) != 43 or not _equal(challenge_of(verifier), code.challenge):
        raise ZaloError(-14012)
    return _mint(remote)


def _mint(remote: Remote) -> Reply:
    state, now = remote.state, remote.now()
    for old in state.access_tokens.values():
        old.killed = True
    access = AccessToken("sandbox-access-" + secrets.token_urlsafe(24), now + ACCESS_SECONDS)
    refresh = RefreshToken("sandbox-refresh-" + secrets.token_urlsafe(24), now + REFRESH_SECONDS)
    state.access_tokens[access.token] = access
    state.refresh_tokens[refresh.token] = refresh
    for table in (state.access_tokens, state.refresh_tokens):
        while len(table) > KEPT:
            table.pop(next(iter(table)))
    return json_reply(
        {"access_token": access.token, "refresh_token": refresh.token, "expires_in": str(ACCESS_SECONDS)}
    )


def challenge_of(verifier: str) -> str:
    """Unpadded base64url of the raw SHA-256, as Zalo's PKCE has it."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def check_permission(params: dict[str, str]) -> None:
    """Check what the consent page was called with. Raises ZaloError -14002, -14003 or -14005.

    Any http(s) redirect address on this machine counts as registered; others do not.
    """
    if params.get("app_id") != world.ZALO_APP_ID:
        raise ZaloError(-14002)
    try:
        parts = urlsplit(params.get("redirect_uri", ""))
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise ZaloError(-14003) from error
    if parts.scheme not in ("http", "https") or host not in ("localhost", "127.0.0.1", "::1"):
        raise ZaloError(-14003)
    if not params.get("code_challenge"):
        raise ZaloError(-14005)


def grant(remote: Remote, params: dict[str, str]) -> str:
    """Issue a code for checked ``params``; returns the address to send the browser to."""
    code = AuthCode(
        "sandbox-code-" + secrets.token_urlsafe(24), params["code_challenge"], remote.now() + CODE_SECONDS
    )
    codes = remote.state.codes
    codes[code.code] = code
    while len(codes) > KEPT:
        codes.pop(next(iter(codes)))
    answer = {"oa_id": world.ZALO_OA_ID, "code": code.code}
    if "state" in params:
        answer["state"] = params["state"]
    target = params["redirect_uri"]
    return f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}"


def _equal(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode())
