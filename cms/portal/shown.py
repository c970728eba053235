"""What the public really sees of the portal and its feeds, for the comparison with what was approved."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.html import strip_tags

from cms.core.text import collapse
from cms.portal import addresses, bake
from cms.portal.models import FeedEntry, PublishedWarning
from publishers.contracts import Listing, Shown
from publishers.models import Payload
from scam_warnings.snapshot import canonical_hash

MOST: Final = 500
"""Warnings looked at in one round, the newest."""
BETWEEN: Final = timedelta(days=7)
"""Where older ones are left out: a warning may have been signed so long before it came out."""
RECHECK: Final = timedelta(hours=1)
STRANGERS: Final = 50
UNREADABLE: Final = "∅"
"""Stands for a page without any words; no sealed text is this."""
_ARTICLE: Final = re.compile(rb"<article class=\"warning\b.*?</article>", re.DOTALL)
"""The warning itself, without the cards of related ones below it."""
_verified: dict[str, tuple[int, int, datetime]] = {}
"""Path → modification time of the file and release that were last found in order, and when."""


def pages(since: datetime, now: datetime) -> Listing:
    """Every public warning, and every page nobody signed. A page that is not as sealed has its own words."""
    rows = list(PublishedWarning.objects.select_related("release").order_by("-updated_at", "-pk")[: MOST + 1])
    if len(rows) > MOST:
        since = max(since, rows.pop().updated_at + BETWEEN)
    sealed = _payloads("portal", [row.release_id for row in rows])
    items = []
    for row in rows:
        payload = sealed.get(row.release_id)
        if not bake.file_for(row.path).exists():
            continue
        same = (
            payload is not None
            and payload.hash == row.payload_hash
            and canonical_hash(row.snapshot) == canonical_hash(payload.data.get("snapshot"))
            and _is_page_of(row, now)
        )
        items.append(
            Shown(
                f"portal:{row.page_id}:{row.release_id}",
                payload.text if payload is not None and same else _words(row.path),
                row.updated_at,
                addresses.absolute(row.path),
            )
        )
    return Listing((*items, *_strangers()), since)


def feed(since: datetime, entries: int) -> Listing:
    """The newest ``entries`` of the feeds; with the file's own words when it is not as it should be."""
    rows = list(FeedEntry.objects.all()[: entries + 1])
    if len(rows) > entries:
        since = max(since, rows.pop().updated_at + BETWEEN)
    current = all(bake.is_current(path) for path in bake.FEEDS)
    sealed = _payloads("feed", [row.release_id for row in rows])
    return Listing(
        tuple(
            Shown(
                f"feed:{row.page_id}:{row.release_id}",
                sealed[row.release_id].text
                if current and row.release_id in sealed
                else _words(bake.FEEDS[0]),
                row.updated_at,
                row.link,
            )
            for row in rows
        ),
        since,
    )


def _payloads(kind: str, releases: list[int]) -> dict[int, Payload]:
    rows = Payload.objects.filter(release_id__in=releases, channel__kind=kind)
    return {row.release_id: row for row in rows}


def _is_page_of(row: PublishedWarning, now: datetime) -> bool:
    """Whether the finished page says of the warning what is signed; what it says of others may be older."""
    file = bake.file_for(row.path)
    try:
        stamp = file.stat().st_mtime_ns
        known = _verified.get(row.path)
        if known and known[:2] == (stamp, row.release_id) and now - known[2] < RECHECK:
            return True
        found = _ARTICLE.findall(file.read_bytes())
    except OSError:
        return False
    if not found or found != _ARTICLE.findall(bake.rendered(row.path) or b""):
        return False
    if len(_verified) > 2 * MOST:
        _verified.clear()
    _verified[row.path] = (stamp, row.release_id, now)
    return True


def _words(path: str) -> str:
    """What a finished file says instead of what was signed."""
    try:
        body = bake.file_for(path).read_bytes()
    except OSError:
        return UNREADABLE
    text = b" ".join(_ARTICLE.findall(body)) or body
    return collapse(strip_tags(text.decode("utf-8", "replace")))[:1000] or UNREADABLE


def _strangers() -> list[Shown]:
    """Finished warning pages that no public warning stands for."""
    folder = Path(settings.PORTAL_ROOT) / addresses.LIST.strip("/")
    try:
        with os.scandir(folder) as entries:
            names = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    except FileNotFoundError:
        return []
    known = set(PublishedWarning.objects.values_list("slug", flat=True))
    found: list[Shown] = []
    for name in sorted(names - known):
        path = addresses.warning(name)
        if len(found) < STRANGERS and addresses.is_public_slug(name) and bake.file_for(path).exists():
            found.append(Shown(f"portal:page:{name}", name, None, addresses.absolute(path)))
    return found
