"""The HTTP client of every adapter: timeouts, no redirects on writes, a size cap, nothing secret in errors."""

import os
import re
import threading
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError
from urllib3.exceptions import SSLError as TlsError

from cms.core import practice

POOLED_HOSTS = 32
POOLED_CONNECTIONS = 64
CHUNK = 65536
MAX_REPLY_BYTES = 5 * 1024 * 1024
_NAMES = (
    "access_token|appsecret_proof|refresh_token|secret_key|client_secret|app_secret|code|code_verifier|"
    "fb_exchange_token|input_token|ApiKey|SecretKey|Password|APIPASS|Authorization"
)
_SECRET_PAIR = re.compile(
    rf"""(?P<name>["']?\b(?:{_NAMES})\b["']?)(?P<sep>\s*[=:]\s*)(?P<quote>["']?)(?:(?:Bearer|OAuth)\s+)?[^&\s"',}}\])]+""",
    re.IGNORECASE,
)


class ReplyTooLarge(requests.RequestException):
    """The server sent more than MAX_REPLY_BYTES."""


def scrub(text: str) -> str:
    """``text`` with the value of every secret-bearing parameter, header or JSON key masked."""
    return _SECRET_PAIR.sub(lambda m: f"{m['name']}{m['sep']}{m['quote']}***", text)


class _Connections(HTTPAdapter):
    """Connections that outlive the client which opened them; only the process's end closes them."""

    def close(self) -> None:
        return


class HttpClient:
    """A session that ignores proxy variables, never follows a redirect by itself and always times out.

    Cookies and headers are its own; open connections are shared by the process, for a client is made for a
    single call and a new connection each time costs more than the call.
    """

    def __init__(self, *, connect_timeout: float, read_timeout: float) -> None:
        self.timeout = (connect_timeout, read_timeout)
        self._session = requests.Session()
        self._session.trust_env = False
        for prefix in ("https://", "http://"):
            self._session.mount(prefix, _connections())

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request; read at most MAX_REPLY_BYTES of the reply, no longer than both timeouts together.

        Raises requests.RequestException; its text may quote the URL, so pass it through ``scrub``.
        """
        practice.require_reachable(url)
        options.setdefault("timeout", self.timeout)
        options["allow_redirects"] = False
        options["stream"] = True
        with self._session.request(method, url, **options) as response:
            response._content = self._body(response)
            # Or the connection would be thrown away, as after a reply that was left half read.
            response._content_consumed = True  # type: ignore[attr-defined]
        return response

    def _body(self, response: requests.Response) -> bytes:
        # The read timeout starts anew with every byte that comes; this one does not.
        end = time.monotonic() + sum(self.timeout)
        body = bytearray()
        try:
            while chunk := response.raw.read1(CHUNK, decode_content=True):
                body += chunk
                if len(body) > MAX_REPLY_BYTES:
                    raise ReplyTooLarge(f"The reply is larger than {MAX_REPLY_BYTES} bytes")
                if time.monotonic() > end:
                    raise requests.ReadTimeout("The reply came too slowly")
        except ProtocolError as error:
            raise requests.exceptions.ChunkedEncodingError(error) from error
        except DecodeError as error:
            raise requests.exceptions.ContentDecodingError(error) from error
        except ReadTimeoutError as error:
            raise requests.ReadTimeout(error) from error
        except TlsError as error:
            raise requests.exceptions.SSLError(error) from error
        return bytes(body)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()


_shared: dict[int, _Connections] = {}
_sharing = threading.Lock()


def _connections() -> _Connections:
    """This process's pool: a child of it must not speak over its parent's connections."""
    with _sharing:
        if os.getpid() not in _shared:
            _shared.clear()
            _shared[os.getpid()] = _Connections(
                pool_connections=POOLED_HOSTS, pool_maxsize=POOLED_CONNECTIONS, max_retries=0
            )
        return _shared[os.getpid()]
