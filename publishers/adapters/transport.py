"""What a network failure proves, and how long a delivery may take before its guarded call."""

import ssl
import time

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

_REFUSED_BY_OURSELVES = (
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
)


def never_left(error: BaseException) -> bool:
    """True when the request surely did not reach the other side: nothing can have happened there.

    That is: no connection was made (name unknown, refused, connect timeout, untrusted certificate), or
    the library would not even try. Everything else, a reset included, proves nothing.
    """
    if isinstance(error, (requests.exceptions.ConnectTimeout, *_REFUSED_BY_OURSELVES)):
        return True
    if not isinstance(error, requests.exceptions.ConnectionError):
        return False
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, SSLError):
        return any(isinstance(part, ssl.SSLCertVerificationError) for part in cause.args)
    return isinstance(cause, NewConnectionError)


class Budget:
    """Time left for the calls before the guarded one.

    A worker that slept through its lease (a stopped process, a suspended machine) must not post when it
    wakes: another one may have taken over. The clock is monotonic and runs on while a process is stopped.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def spent(self) -> bool:
        """Whether it is too late to begin the guarded call."""
        return time.monotonic() >= self._end
