"""Practice mode (“Diễn tập”): everything works, and only the sandbox on this machine can be reached.

An installation of its own, never a switch in one that warns the public. Asked where a connection is opened and where
an adapter gets its credentials (publishers/connect.py); what a page shows of it decides nothing.
"""

from urllib.parse import urlsplit

from django.conf import settings

import requests


class OutsidePractice(requests.exceptions.InvalidURL):
    """The address is not the sandbox; nothing was connected."""


def is_on() -> bool:
    """Whether this installation only practises."""
    return bool(settings.PRACTICE)


def reaches(url: str) -> bool:
    """Whether a request to ``url`` may leave: always, except that practice knows the sandbox alone."""
    return not is_on() or (bool(settings.SANDBOX_URL) and _origin(url) == _origin(settings.SANDBOX_URL))


def require_reachable(url: str) -> None:
    """Raise OutsidePractice where ``reaches`` says no."""
    if not reaches(url):
        raise OutsidePractice("practice mode: only the sandbox is called")


def reaches_mail(host: str, port: int) -> bool:
    """Whether mail may be handed to the server at ``host``:``port``: in practice, the sandbox's own alone."""
    return not is_on() or f"{host}:{port}" == settings.SANDBOX_MAIL


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    # A name or password in the address makes it another.
    return (parts.scheme, parts.hostname, port) if parts.hostname and "@" not in parts.netloc else None
