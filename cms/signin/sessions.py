"""The sessions of a person: listed, limited in time, ended one by one or all at once."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from allauth.usersessions.models import UserSession

from cms.signin.devices import describe

STARTED: Final = "signin.started"
SEEN: Final = "signin.seen"
RESOLUTION: Final = 60
"""Seconds within which a further sign of life is not written down."""


@dataclass(frozen=True)
class Shown:
    """One session as its owner sees it."""

    pk: int
    device: str
    address: str
    started: datetime
    seen: datetime
    current: bool


def begin(request: HttpRequest) -> None:
    """Start the clocks of a session that has just been signed in."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def is_over(request: HttpRequest) -> bool:
    """Whether this session was idle too long, or is older than a session may become."""
    now = time.time()
    started = request.session.get(STARTED, now)
    seen = request.session.get(SEEN, now)
    return bool(now - seen >= settings.SESSION_IDLE_SECONDS or now - started >= settings.SESSION_COOKIE_AGE)


def touch(request: HttpRequest) -> None:
    """Write down that the person is active, at most once in RESOLUTION seconds."""
    now = int(time.time())
    if now - request.session.get(SEEN, 0) < RESOLUTION:
        return
    request.session[SEEN] = now
    request.session.setdefault(STARTED, now)
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def rotate(request: HttpRequest) -> None:
    """Give the session a new key, for it may do more from now on."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def of(user: Any, request: HttpRequest | None = None) -> list[Shown]:
    """The living sessions of ``user``, the most recently used first; with ``request``, its own is marked."""
    own = request.session.session_key if request is not None else None
    found = [
        Shown(
            pk=session.pk,
            device=describe(session.user_agent),
            address=session.ip,
            started=session.created_at,
            seen=session.last_seen_at,
            current=session.session_key == own,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda session: (not session.current, -session.seen.timestamp()))


def end(user: Any, pks: Iterable[int] | None = None, *, keep: str | None = None) -> int:
    """End the sessions ``pks`` of ``user``, or all of them but the one with key ``keep``; how many ended."""
    sessions = UserSession.objects.filter(user_id=user.pk)
    if pks is not None:
        sessions = sessions.filter(pk__in=list(pks))
    ended = 0
    for session in sessions:
        if keep is None or session.session_key != keep:
            session.end()
            ended += 1
    return ended
