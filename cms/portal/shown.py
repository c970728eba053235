"""What the public really sees of the portal and its feeds, for the comparison with what was approved."""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.html import strip_tags

from cms.core.text import collapse
from cms.portal import addresses, bake
from cms.portal.models import FeedEntry, InEnglish, PublishedWarning
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
        signed = (
            payload is not None
            and payload.hash == row.payload_hash
            and canonical_hash(row.snapshot) == canonical_hash(payload.data.get("snapshot"))
        )
        other = _other_page(row, now) if signed else row.path
        items.append(
            Shown(
                f"portal:{row.page_id}:{row.release_id}",
                payload.text if payload is not None and not other else _words(other),
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


def _other_page(row: PublishedWarning, now: datetime) -> str:
    """The page of ``row``, in either language, that says something else than what is signed; else empty."""
    pages = [row.path, row.english_path] if row.english_path else [row.path]
    return next((path for path in pages if not _is_page_of(row, path, now)), "")


def _is_page_of(row: PublishedWarning, path: str, now: datetime) -> bool:
    """Whether the finished page at ``path`` says of the warning what is signed; what it says of others may be older."""
    file = bake.file_for(path)
    try:
        stamp = file.stat().st_mtime_ns
        known = _verified.get(path)
        if known and known[:2] == (stamp, row.release_id) and now - known[2] < RECHECK:
            return True
        found = _ARTICLE.findall(file.read_bytes())
    except OSError:
        return False
    if not found or found != _ARTICLE.findall(bake.rendered(path) or b""):
        return False
    if len(_verified) > 4 * MOST:
        _verified.clear()
    _verified[path] = (stamp, row.release_id, now)
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
    rows = PublishedWarning.objects.values_list("slug", "english")
    spoken = {slug for slug, english in rows if english != InEnglish.NEVER}
    found = [
        *_unsigned(addresses.LIST, {slug for slug, _english in rows}, "portal:page:"),
        *_unsigned(addresses.ENGLISH_LIST, spoken, "portal:page:en/"),
    ]
    return found[:STRANGERS]


def _unsigned(below: str, known: set[str], prefix: str) -> Iterator[Shown]:
    """Pages in the folder ``below`` that are of none of the warnings ``known``."""
    try:
        with os.scandir(Path(settings.PORTAL_ROOT) / below.strip("/")) as entries:
            names = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    except FileNotFoundError:
        return
    for name in sorted(names - known):
        path = f"{below}{name}/"
        if addresses.is_public_slug(name) and bake.file_for(path).exists():
            yield Shown(f"{prefix}{name}", name, None, addresses.absolute(path))
