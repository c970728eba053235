"""The HTTP client of every adapter: timeouts, no redirects on writes, a size cap, nothing secret in errors."""

import re
from typing import Any

import requests

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


class HttpClient:
    """A session that ignores proxy variables, never follows a redirect by itself and always times out."""

    def __init__(self, *, connect_timeout: float, read_timeout: float) -> None:
        self.timeout = (connect_timeout, read_timeout)
        self._session = requests.Session()
        self._session.trust_env = False

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request and read at most MAX_REPLY_BYTES of the reply.

        Raises requests.RequestException; its text may quote the URL, so pass it through ``scrub``.
        """
        options.setdefault("timeout", self.timeout)
        options["allow_redirects"] = False
        options["stream"] = True
        with self._session.request(method, url, **options) as response:
            body = bytearray()
            for chunk in response.iter_content(65536):
                body += chunk
                if len(body) > MAX_REPLY_BYTES:
                    raise ReplyTooLarge(f"The reply is larger than {MAX_REPLY_BYTES} bytes")
            response._content = bytes(body)
        return response

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()
