"""The three formats of a feed."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _

from cms.portal import addresses
from cms.portal.feeds.entries import identifier
from cms.portal.models import FeedEntry
from cms.portal.xml_text import xml_text
from scam_warnings.agency import AgencySettings

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
_JSON_FEED: Final = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed before it has a format."""

    path: str
    page: str
    """The page it follows."""
    about: str
    """The scam type, or empty."""
    entries: Iterable[FeedEntry]
    language: str = settings.LANGUAGE_CODE
    """Its entries are in this language, and the feed is to be written in it."""


class _Dated:
    """A feed without entries is as old as the first of them could be, not as new as the moment it is baked."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]  # type: ignore[attr-defined]
        return max(dates, default=BEGINNING)


class _Rss(_Dated, Rss201rev2Feed):
    pass


class _Atom(_Dated, Atom1Feed):
    pass


def rss(feed: Feed) -> str:
    """``feed`` as RSS 2.0."""
    return _written(_Rss, feed)


def atom(feed: Feed) -> str:
    """``feed`` as Atom 1.0."""
    return _written(_Atom, feed)


def json_feed(feed: Feed) -> str:
    """``feed`` as JSON Feed 1.1."""
    agency = AgencySettings.load().name
    values = {
        "version": _JSON_FEED,
        "title": _title(feed, agency),
        "home_page_url": addresses.absolute(feed.page),
        "feed_url": addresses.absolute(feed.path),
        "description": _("Official warnings about online scams."),
        "language": feed.language,
        "authors": [{"name": agency, "url": addresses.absolute(addresses.HOME)}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _item(entry: FeedEntry) -> dict[str, Any]:
    item = {
        "id": identifier(entry.code),
        "url": entry.link,
        "title": xml_text(entry.title),
        "content_text": xml_text(entry.summary),
        "date_published": _moment(entry.published_at),
        "date_modified": _moment(entry.updated_at),
    }
    return item | ({"tags": [entry.category]} if entry.category else {})


def _written(kind: Callable[..., SyndicationFeed], feed: Feed) -> str:
    agency = AgencySettings.load().name
    written = kind(
        title=_title(feed, agency),
        link=addresses.absolute(feed.page),
        description=_("Official warnings about online scams."),
        language=feed.language,
        author_name=agency,
        feed_url=addresses.absolute(feed.path),
        feed_guid=addresses.absolute(feed.page),
    )
    for entry in feed.entries:
        written.add_item(
            title=xml_text(entry.title),
            link=entry.link,
            description=xml_text(entry.summary),
            unique_id=identifier(entry.code),
            unique_id_is_permalink=False,
            author_name=agency,
            categories=[entry.category] if entry.category else [],
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
        )
    text: str = written.writeString("utf-8")
    return text


def _title(feed: Feed, agency: str) -> str:
    if feed.about:
        return _("Scam warnings: %(type)s – %(agency)s") % {"type": feed.about, "agency": agency}
    return _("Scam warnings – %s") % agency


def _moment(value: datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")
