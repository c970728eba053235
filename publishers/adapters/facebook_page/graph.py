"""The only door to python-facebook-api: one client, and one kind of failure that holds no secret.

The library was written for reading; left alone it can turn a post that stands into an error (an unknown key
in a usage header, a missing Content-Type). So it never sees what it does not need: the wire below takes
the usage headers off and says JSON where there is JSON. Whatever still goes wrong becomes a GraphFailure.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import requests
from pyfacebook import FacebookError, GraphAPI  # noqa: TID251

from cms.core.http import HttpClient, scrub
from publishers.adapters.base import Endpoint
from publishers.adapters.facebook_page import usage
from publishers.adapters.transport import never_left
from publishers.contracts import Scope

Pressed = Callable[[Scope, float], None]
"""Who is told how long to make no call of a scope."""

logger = logging.getLogger(__name__)

MAX_DETAIL = 300
MAX_WAIT = 86_400.0
_USAGE_HEADERS = ("X-App-Usage", "X-Business-Use-Case-Usage", "X-Ad-Account-Usage")
_MAX_HEADER = _MAX_SCRUBBED = 20_000


class GraphFailure(Exception):
    """A call that brought no result.

    ``left``: the request may have reached Facebook. ``refused``: a well-formed error object came back;
    only then ``code`` and ``subcode`` mean anything (0: absent). ``status`` is the HTTP status, 0 without
    a reply. ``retry_after`` in seconds. ``detail`` is scrubbed, for the log only.
    """

    def __init__(
        self,
        detail: str,
        *,
        left: bool = True,
        refused: bool = False,
        status: int = 0,
        code: int = 0,
        subcode: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.left = left
        self.refused = refused
        self.status = status
        self.code = code
        self.subcode = subcode
        self.retry_after = retry_after

    @property
    def label(self) -> str:
        """Short code for the log: ``190/463``, ``http 502``, ``no reply``, ``unreached``."""
        if not self.left:
            return "unreached"
        if self.refused:
            return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)
        return f"http {self.status}" if self.status else "no reply"


class _Wire:
    """Stands in for the library's requests session."""

    def __init__(self, client: HttpClient, pressed: Pressed) -> None:
        self._client = client
        self._pressed = pressed
        self.forget()

    def forget(self) -> None:
        """Start anew: no reply yet."""
        self.status = 0
        self.retry_after: float | None = None

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send through our own client and hand the library a reply it cannot stumble over."""
        self.forget()
        options.pop("proxies", None)
        options.pop("timeout", None)  # the client's own, which may be shortened on the way
        response = self._client.request(method, url, **options)
        self.status = response.status_code
        self.retry_after = _retry_after(response.headers)
        for scope, seconds in usage.pressure(response.headers):
            self._pressed(scope, seconds)
        for header in _USAGE_HEADERS:
            response.headers.pop(header, None)
        if response.content.lstrip().startswith(b"{"):
            response.headers["Content-Type"] = "application/json"
        return response


class Graph:
    """The Graph API for one page token, at one pinned version. For one thread.

    ``secrets`` holds ``page_token`` and may hold ``app_id`` and ``app_secret``; with the secret every call
    carries ``appsecret_proof``. Every method returns the JSON object of a success or raises GraphFailure.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        secrets: Mapping[str, str],
        *,
        pressed: Pressed = lambda scope, seconds: None,
    ) -> None:
        timeouts = (endpoint.connect_timeout, endpoint.read_timeout)
        self._client = HttpClient(connect_timeout=timeouts[0], read_timeout=timeouts[1])
        self._wire = _Wire(self._client, pressed)
        app_id, app_secret = secrets.get("app_id", ""), secrets.get("app_secret", "")
        self._app_token = f"{app_id}|{app_secret}" if app_id and app_secret else ""
        self._page_token = secrets.get("page_token", "")
        self._hidden = [value for value in (self._page_token, app_secret) if value]
        self._api = self._guarded(
            lambda: GraphAPI(
                app_id=app_id or None,
                app_secret=app_secret or None,
                access_token=self._page_token,
                version=endpoint.version or None,
                base_url=endpoint.base_url.rstrip("/") + "/",
                access_token_url=endpoint.token_url or None,
                timeout=timeouts,
                sleep_on_rate_limit=False,
            ),
            left=False,
        )
        self._api.session = self._wire

    def hurry(self, read_timeout: float) -> None:
        """Wait at most ``read_timeout`` seconds for each reply from now on."""
        connect, before = self._client.timeout
        self._client.timeout = (connect, min(before, read_timeout))

    def get(self, path: str, **params: str | int) -> dict[str, Any]:
        """Read an object or a connection."""
        return self._call(lambda: self._api.get(path, dict(params)))

    def post(
        self, object_id: str, connection: str, data: Mapping[str, str], files: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Create something on ``object_id``."""
        # The library writes token and proof into the dict it is given.
        return self._call(lambda: self._api.post_object(object_id, connection, data=dict(data), files=files))

    def post_to(self, object_id: str, data: Mapping[str, str]) -> dict[str, Any]:
        """Change ``object_id`` itself."""
        return self._call(lambda: self._api.post_object(object_id, data=dict(data)))

    def delete(self, object_id: str) -> dict[str, Any]:
        """Delete ``object_id``."""
        return self._call(lambda: self._api.delete_object(object_id))

    def inspect_token(self) -> dict[str, Any] | None:
        """What Facebook says about the page token (debug_token); None without app credentials."""
        if not self._app_token:
            return None
        reply = self._call(lambda: self._api.debug_token(self._page_token, access_token=self._app_token))
        data = reply.get("data")
        return data if isinstance(data, dict) else {}

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _call(self, call: Callable[[], Any]) -> dict[str, Any]:
        reply = self._guarded(call, left=True)
        if not isinstance(reply, dict) or not 200 <= self._wire.status < 300:
            raise GraphFailure("The reply is not a JSON object of a success", status=self._wire.status)
        return reply

    def _guarded(self, call: Callable[[], Any], *, left: bool) -> Any:
        self._wire.forget()
        try:
            return call()
        except Exception as error:
            # The library raises builtin errors on odd replies.
            failure = self._describe(error, left=left)
        logger.info("Graph call failed: %s (%s)", failure.label, failure.detail)
        # Raised outside the handler, so that no original exception, which quotes the URL, hangs on to it.
        raise failure

    def _describe(self, error: Exception, *, left: bool) -> GraphFailure:
        detail = self._scrub(f"{type(error).__name__}: {error}")
        status, retry_after = self._wire.status, self._wire.retry_after
        if isinstance(error, FacebookError):
            code, subcode = getattr(error, "code", None), getattr(error, "error_subcode", 0)
            # The library puts -1 where the reply had no code: such an error object proves nothing.
            if type(code) is int and code > 0 and type(subcode) is int:
                return GraphFailure(
                    detail, refused=True, status=status, code=code, subcode=subcode, retry_after=retry_after
                )
        return GraphFailure(
            detail, left=left and not never_left(error), status=status, retry_after=retry_after
        )

    def _scrub(self, text: str) -> str:
        for secret in self._hidden:
            text = text.replace(secret, "***")
        clean = "".join(char if char.isprintable() else " " for char in scrub(text[:_MAX_SCRUBBED]))
        return clean[:MAX_DETAIL]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until calls are taken again, as far as the reply says: Retry-After or the regain time."""
    waits = []
    plain = headers.get("Retry-After", "")
    if plain.isascii() and plain.isdigit() and len(plain) < 9:
        waits.append(float(plain))
    usage = headers.get("X-Business-Use-Case-Usage", "")
    if usage and len(usage) <= _MAX_HEADER:
        waits += [60.0 * minutes for minutes in _regain_minutes(usage)]
    longest = max(waits, default=0.0)
    return min(longest, MAX_WAIT) if longest > 0 else None


def _regain_minutes(usage: str) -> list[float]:
    try:
        parsed = json.loads(usage)
    except (ValueError, RecursionError):
        return []
    businesses = parsed.values() if isinstance(parsed, dict) else []
    rows = [row for rows in businesses if isinstance(rows, list) for row in rows if isinstance(row, dict)]
    waits = [_minutes(row.get("estimated_time_to_regain_access")) for row in rows]
    return [wait for wait in waits if 0 < wait < 1e6]


def _minutes(value: Any) -> float:
    return float(value) if type(value) in (int, float) else 0.0


class _ScrubUrls(logging.Filter):
    """urllib3 quotes whole URLs, and a Graph URL carries its token."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(_ScrubUrls())
