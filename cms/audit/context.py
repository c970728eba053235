"""Who acts, through which door: known for the length of one request."""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from cms.audit.models import Way
from cms.core import visitor

_PROCESSES: Final = {"worker": Way.WORKER, "run_huey": Way.WORKER, "watch": Way.WATCH}
_MASKED_FROM: Final = 16
"""A part of an address this long may be a token."""


@dataclass(slots=True)
class Act:
    """One request."""

    request: HttpRequest
    group: uuid.UUID = field(default_factory=uuid.uuid4)
    tracked: set[tuple[str, str]] = field(default_factory=set)
    """Objects whose change is recorded already, with before and after."""


_current: ContextVar[Act | None] = ContextVar("audit_act", default=None)


def current() -> Act | None:
    """The request that is being answered, if one is."""
    return _current.get()


@contextmanager
def answering(request: HttpRequest) -> Iterator[Act]:
    """While ``request`` is answered, what is recorded belongs to it."""
    act = Act(request)
    token = _current.set(act)
    try:
        yield act
    finally:
        _current.reset(token)


def user() -> Any:
    """Who is signed in, or None. Reads no session where the browser sent no cookie of one."""
    act = current()
    if act is None or settings.SESSION_COOKIE_NAME not in act.request.COOKIES:
        return None
    found = getattr(act.request, "user", None)
    return found if found is not None and found.is_authenticated else None


def door() -> tuple[Way, str, str]:
    """The way in, the place (path or command), and the visitor's address."""
    act = current()
    if act is not None:
        return Way.WEB, _path(act.request)[:300], visitor.address(act.request)
    name = next((word for word in sys.argv[1:2] if word.replace("_", "").isalnum()), "")
    return _PROCESSES.get(name, Way.COMMAND), name[:300], ""


def _path(request: HttpRequest) -> str:
    path = request.path
    match = request.resolver_match
    for value in match.kwargs.values() if match else ():
        if isinstance(value, str) and len(value) >= _MASKED_FROM:
            path = path.replace(value, "…")
    return path
