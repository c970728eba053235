"""Browsers in which a person has signed in before: guesses from elsewhere do not shut the person out there.

A browser keeps, in one signed cookie, marks of the people who signed in with it; no mark can be read or made
without the secret key, and none of them lets anybody in.
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE: Final = "keng_known"
LIFETIME: Final = 180 * 24 * 3600
"""Seconds for which a browser stays known after the last sign-in."""
MOST: Final = 5
"""People remembered in one browser; the one who signed in longest ago gives way."""
_SALT: Final = "cms.signin.known"
_NEW: Final = "_signin_known"


def remember(request: HttpRequest, user: Any) -> None:
    """``user`` has shown in this browser who they are: the answer to ``request`` carries the mark."""
    setattr(request, _NEW, user.get_username())


def is_known(request: HttpRequest, name: str) -> bool:
    """Whether the person with this sign-in name has signed in with this browser before."""
    return _mark(name) in _marks(request)


class KnownBrowserMiddleware:
    """Puts the mark into the answer. Whoever does not sign in gets no cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = getattr(request, _NEW, None)
        if name is not None:
            mark = _mark(name)
            marks = [mark, *(other for other in _marks(request) if other != mark)][:MOST]
            response.set_cookie(
                COOKIE,
                signing.dumps(marks, salt=_SALT),
                max_age=LIFETIME,
                path="/admin/",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _marks(request: HttpRequest) -> list[str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return []
    return [str(mark) for mark in found]


def _mark(name: str) -> str:
    return salted_hmac(_SALT, name, algorithm="sha256").hexdigest()[:32]
