"""The Official Account API: one call, one answer, and one kind of failure that holds no secret.

It answers HTTP 200 even to what it refuses; only ``int(body["error"]) == 0`` is a success. Gateway pages
(HTML, 502), empty bodies and broken JSON prove nothing.
"""

import hashlib
import hmac
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from cms.core.http import HttpClient, scrub
from publishers.adapters.base import Endpoint
from publishers.adapters.transport import never_left
from publishers.contracts import Scope

logger = logging.getLogger(__name__)

MAX_DETAIL = 300
_MAX_SCRUBBED = 20_000
MINUTE = 60.0
_COUNT = re.compile(r"[0-9]{1,7}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class OaFailure(Exception):
    """A call that brought no result.

    ``left``: the request may have reached Zalo. ``refused``: a well-formed refusal came back; only then
    ``code`` means anything. ``status`` is the HTTP status, 0 without a reply. ``detail`` is scrubbed, for
    the log only. ``retry_after`` is how many seconds to wait, where the reply says so.
    """

    def __init__(
        self,
        detail: str,
        *,
        left: bool = True,
        refused: bool = False,
        status: int = 0,
        code: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.left = left
        self.refused = refused
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def label(self) -> str:
        """Short code for the log: ``-216``, ``http 502``, ``no reply``, ``unreached``."""
        if not self.left:
            return "unreached"
        if self.refused:
            return str(self.code)
        return f"http {self.status}" if self.status else "no reply"


def exchange(
    client: HttpClient,
    method: str,
    url: str,
    *,
    hidden: tuple[str, ...],
    seen: Callable[[Mapping[str, str]], None] = lambda headers: None,
    **options: Any,
) -> dict[str, Any]:
    """Send one request and return the JSON object of a reply that carries no error.

    ``hidden`` are the secrets to take out of any failure; ``seen`` gets the headers of a reply. Raises
    OaFailure, never with the original exception attached.
    """
    failure: OaFailure
    try:
        response = client.request(method, url, **options)
        seen(response.headers)
        return _success(response)
    except OaFailure as refusal:
        failure = OaFailure(
            _clean(refusal.detail, hidden),
            refused=refusal.refused,
            status=refusal.status,
            code=refusal.code,
            retry_after=refusal.retry_after,
        )
    except Exception as error:
        # urllib3 and the codecs below requests raise errors of their own.
        failure = OaFailure(_clean(f"{type(error).__name__}: {error}", hidden), left=not never_left(error))
    logger.info("Zalo call failed: %s (%s)", failure.label, failure.detail)
    raise failure


def error_number(body: Mapping[str, Any]) -> int | None:
    """``error`` of a reply, given as number or as text; None when it is neither."""
    value = body.get("error")
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


class Oa:
    """The API for one access token. Methods return the ``data`` of a success or raise OaFailure."""

    def __init__(
        self,
        endpoint: Endpoint,
        token: str,
        secret_key: str,
        *,
        read_timeout: float = 0.0,
        pressed: Callable[[Scope, float], None] = lambda scope, seconds: None,
    ) -> None:
        self._pressed = pressed
        self._base = endpoint.base_url.rstrip("/")
        self._client = HttpClient(
            connect_timeout=endpoint.connect_timeout, read_timeout=read_timeout or endpoint.read_timeout
        )
        self._headers = {"access_token": token}
        self._hidden: tuple[str, ...] = (token, secret_key)
        if secret_key:
            proof = hmac.new(secret_key.encode(), token.encode(), hashlib.sha256).hexdigest()
            self._headers["appsecret_proof"] = proof
            self._hidden = (token, secret_key, proof)

    def get(self, path: str, **params: str | int) -> Any:
        """Read."""
        return self._call("GET", path, params=params)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Act, with a JSON body."""
        return self._call("POST", path, json=body)

    def upload(self, path: str, file_name: str, data: bytes, mime: str) -> Any:
        """Hand over a file."""
        return self._call("POST", path, files={"file": (file_name, data, mime)})

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _call(self, method: str, path: str, **options: Any) -> Any:
        body = exchange(
            self._client,
            method,
            f"{self._base}/{path}",
            hidden=self._hidden,
            headers=self._headers,
            seen=self._make_room,
            **options,
        )
        if error_number(body) != 0:
            raise OaFailure("The reply says neither success nor refusal", status=200)
        return body.get("data")

    def _make_room(self, headers: Mapping[str, str]) -> None:
        """Near the end of this minute's calls (X-RateLimit-Remain, so spelt) leave the rest of it alone."""
        limit, left = (headers.get(f"X-RateLimit-{name}", "") for name in ("Limit", "Remain"))
        if _COUNT.fullmatch(limit) and _COUNT.fullmatch(left) and 20 * int(left) < int(limit):
            self._pressed(Scope.ACCOUNT, MINUTE - time.time() % MINUTE)


def _success(response: requests.Response) -> dict[str, Any]:
    status = response.status_code
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise OaFailure("The reply is no JSON object", status=status)
    number = error_number(body)
    if number:
        raise OaFailure(
            f"{number}: {body.get('message') or body.get('error_name')}",
            refused=True,
            status=status,
            code=number,
            retry_after=_retry_after(response.headers),
        )
    if not 200 <= status < 300 or ("error" in body and number is None):
        raise OaFailure("The reply is neither success nor refusal", status=status)
    return body


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Zalo itself names no time; a gateway before it may."""
    after = headers.get("Retry-After", "")
    return float(after) if _COUNT.fullmatch(after) else None


def _clean(text: str, hidden: tuple[str, ...]) -> str:
    for secret in filter(None, hidden):
        text = text.replace(secret, "***")
    clean = "".join(char if char.isprintable() else " " for char in scrub(text[:_MAX_SCRUBBED]))
    return clean[:MAX_DETAIL]
