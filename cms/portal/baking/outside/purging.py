"""Telling a cache in front (a CDN) which addresses changed: after the files stand, and never in a delivery's way."""

import logging
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.utils.module_loading import import_string

import requests

from cms.core.http import HttpClient, scrub
from cms.portal import addresses
from cms.portal.baking.outside import marks

logger = logging.getLogger(__name__)

CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
MOST_FAILURES: Final = 3
"""A cache that refused so often is left alone until the next round."""


def purge() -> int:
    """Tell of every change that is noted and stands outside; returns how many still wait. Fails never."""
    waiting = marks.waiting(marks.PURGE)
    not_there_yet = marks.waiting(marks.STORE)
    failures = 0
    for path in [path for path in waiting if path not in not_there_yet]:
        if failures == MOST_FAILURES:
            break
        try:
            _tell(addresses.absolute(path))
        except Exception as error:
            # A hook may raise anything; the note stays and the hourly renewal comes back to it.
            failures += 1
            logger.warning(
                "The cache was not told of %s: %s", path, scrub(f"{type(error).__name__}: {error}")
            )
        else:
            marks.done(waiting.pop(path))
    return len(waiting)


def _tell(url: str) -> None:
    if "://" not in settings.PORTAL_PURGE:
        import_string(settings.PORTAL_PURGE)([url])
        return
    client = HttpClient(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)
    try:
        token = settings.PORTAL_PURGE_TOKEN
        reply = client.request(
            settings.PORTAL_PURGE_METHOD,
            settings.PORTAL_PURGE.replace("{url}", quote(url, safe="")).replace("{path}", _path_of(url)),
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
    finally:
        client.close()
    # 404: it had no copy.
    if reply.status_code >= 300 and reply.status_code != 404:
        raise requests.HTTPError(f"answered {reply.status_code}")


def _path_of(url: str) -> str:
    return url.removeprefix(settings.PUBLIC_URL)
