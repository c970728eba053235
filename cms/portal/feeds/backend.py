"""The feeds as a channel: what a feed delivery writes down, and how it is found again."""

import logging
from datetime import datetime
from typing import Any, Final

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.models import Page

from cms.core.text import collapse
from cms.portal import addresses
from cms.portal.feeds.entries import NEWEST
from cms.portal.models import FeedEntry, InEnglish, PublishedWarning
from publishers.contracts import ChannelIdentity, Listing, Message, Receipt, Temporary
from publishers.models import Release
from scam_warnings.agency import AgencySettings
from scam_warnings.snapshot import Snapshot

logger = logging.getLogger(__name__)

KIND: Final = "feed"


class FeedBackend:
    """What the feed adapter speaks to; settings.FEED_BACKEND names it."""

    def publish(self, message: Message) -> Receipt:
        """Put the release of ``message`` into the feeds, or leave a newer one that is there.

        Raises Rejected when ``message`` is not sealed, Temporary when database or disk refuse for now.
        """
        # Baking renders these feeds, so the two modules know each other.
        from cms.portal import bake

        try:
            with transaction.atomic():
                entry = _record(message)
            bake.bake_feeds(_more_feeds(entry))
        except (DatabaseError, OSError, bake.BakeError) as error:
            logger.warning("The feeds could not be renewed: %s", type(error).__name__)
            raise Temporary(
                _("The feeds could not be written. Check the free disk space; it is tried again by itself."),
                code="feed_files",
            ) from error
        return _receipt(entry)

    def find(self, message: Message) -> Receipt | None:
        """The receipt when the feeds carry this release, or a newer one."""
        entry = FeedEntry.objects.filter(page_id=message.data.get("page_id", 0)).first()
        if entry is None or entry.release_number < message.data.get("number", 0):
            return None
        return _receipt(entry)

    def shown(self, since: datetime) -> Listing:
        """The entries the feeds have."""
        from cms.portal import shown

        return shown.feed(since, NEWEST)

    def check(self) -> ChannelIdentity:
        """Whose feed this is and where."""
        return ChannelIdentity(KIND, AgencySettings.load().name, url=addresses.absolute(addresses.RSS))


def _record(message: Message) -> FeedEntry:
    from cms.portal.publishing import sealed_payload

    payload = sealed_payload(message.data, KIND)
    release = payload.release
    # As on the portal: releases of one warning one after the other, and never an older one over a newer.
    Page.objects.select_for_update().get(pk=release.page_id)
    existing = FeedEntry.objects.filter(page_id=release.page_id).first()
    if existing is not None and existing.release_number >= release.number:
        return existing
    entry = existing or FeedEntry(page_id=release.page_id, published_at=release.sealed_at)
    for name, value in _values(release, Snapshot.from_json(payload.data["snapshot"])).items():
        setattr(entry, name, value)
    entry.save()
    return entry


def _values(release: Release, snapshot: Snapshot) -> dict[str, Any]:
    title, summary = snapshot.title, snapshot.summary
    if release.kind == Release.Kind.WITHDRAWAL:
        title = _("Withdrawn warning: %s") % title
        summary = collapse(f"{_('This warning has been withdrawn.')} {release.note}")
    elif release.kind == Release.Kind.CORRECTION:
        title = _("Corrected: %s") % title
        summary = f"{release.note} – {summary}"
    return {
        "release": release,
        "release_number": release.number,
        "code": snapshot.reference.split(".")[0],
        "title": title[:300],
        "summary": summary,
        "link": snapshot.url,
        "category": snapshot.scam_type.name,
        "updated_at": release.sealed_at,
    }


def _more_feeds(entry: FeedEntry) -> tuple[str, ...]:
    of_type = addresses.feeds_of(str(entry.release.snapshot["scam_type"]["key"]))
    spoken = PublishedWarning.objects.filter(page_id=entry.page_id).exclude(english=InEnglish.NEVER)
    # Before the portal shows it, nobody can read it in English either.
    return (*of_type, *addresses.ENGLISH_FEEDS) if spoken.exists() else of_type


def _receipt(entry: FeedEntry) -> Receipt:
    return Receipt(
        f"{KIND}:{entry.page_id}:{entry.release_id}", addresses.absolute(addresses.RSS), entry.updated_at
    )
