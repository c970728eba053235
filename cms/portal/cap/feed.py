"""The messages that came last, as an Atom feed that links to each of them."""

from datetime import datetime
from typing import Final

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from cms.portal import addresses
from cms.portal.cap import addresses as cap_addresses
from cms.portal.feeds.entries import identifier
from cms.portal.feeds.formats import BEGINNING
from cms.portal.opendata.changes import newest_warnings
from cms.portal.xml_text import xml_text
from scam_warnings.agency import AgencySettings
from scam_warnings.references import release_reference

NEWEST: Final = 50
MEDIA_TYPE: Final = "application/cap+xml"


class _CapFeed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=BEGINNING)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, str]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("link", "", {"rel": "alternate", "type": MEDIA_TYPE, "href": item["message"]})


def newest() -> str:
    """The feed; an entry's identifier is its message's, so a reader fetches each message once."""
    agency = AgencySettings.load().name
    feed = _CapFeed(
        title=_("Scam alerts in CAP 1.2 – %s") % agency,
        link=addresses.absolute(addresses.LIST),
        description=_("Official warnings about online scams."),
        language="vi",
        author_name=agency,
        feed_url=addresses.absolute(cap_addresses.FEED),
        feed_guid=addresses.absolute(cap_addresses.FEED),
    )
    for warning in newest_warnings(NEWEST):
        address = addresses.absolute(cap_addresses.message(warning.code))
        feed.add_item(
            title=xml_text(
                _("Withdrawn warning: %s") % warning.title if warning.is_withdrawn else warning.title
            ),
            link=addresses.absolute(warning.path),
            description=xml_text(warning.note if warning.is_withdrawn else warning.summary),
            unique_id=identifier(release_reference(warning.code, warning.release_number)),
            author_name=agency,
            categories=[warning.scam_type_name],
            pubdate=warning.published_at,
            updateddate=warning.updated_at,
            message=address,
        )
    text: str = feed.writeString("utf-8")
    return text
