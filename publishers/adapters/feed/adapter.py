"""The feeds as a channel: an entry is there because its delivery ran."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from publishers.adapters.base import Adapter
from publishers.contracts import Capabilities, ChannelIdentity, LengthUnit, Listing, Message, Receipt


class FeedPublisher(Adapter):
    """Hands the sealed content to settings.FEED_BACKEND, as the portal's adapter does."""

    kind: ClassVar[str] = "feed"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=100_000,
        length_unit=LengthUnit.CODE_POINTS,
        edit=True,
        read_back=True,
        listing=True,
        repeatable=True,
    )

    def check(self) -> ChannelIdentity:
        identity: ChannelIdentity = import_string(settings.FEED_BACKEND)().check()
        return identity

    def send(self, message: Message) -> Receipt:
        receipt: Receipt = import_string(settings.FEED_BACKEND)().publish(message)
        return receipt

    def edit(self, message: Message) -> Receipt:
        return self.send(message)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        found: Receipt | None = import_string(settings.FEED_BACKEND)().find(message)
        return found

    def shown(self, since: datetime) -> Listing:
        """The entries of the feeds, with the sealed words if the finished files have them."""
        listing: Listing = import_string(settings.FEED_BACKEND)().shown(since)
        return listing
