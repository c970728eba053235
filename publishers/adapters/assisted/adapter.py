"""The publisher that is a person: it only says what such a channel can take."""

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _

from publishers.adapters import replies
from publishers.adapters.base import Adapter
from publishers.contracts import (
    Capabilities,
    ChannelIdentity,
    LookupFailed,
    Message,
    Mode,
    Receipt,
    Temporary,
)


class AssistedPublisher(Adapter):
    """A Zalo or Facebook group that only its members can post in (README.md)."""

    kind: ClassVar[str] = "assisted"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=2000, images=1, max_image_bytes=4_000_000, follow_up=True, mode=Mode.ASSISTED
    )

    def check(self) -> ChannelIdentity:
        """Nothing can be asked; what is known stands in the channel's settings."""
        return ChannelIdentity(
            self.remote_id, self.remote_id, url=replies.address(self.options.get("open_url", ""))
        )

    def send(self, message: Message) -> Receipt:
        """Never called: the dispatcher hands the delivery to its operator. Raises Temporary."""
        raise Temporary(_("A person posts on this channel, so the system sends nothing."), code="assisted")

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Cannot look. Raises LookupFailed."""
        raise LookupFailed(_("The system cannot read this channel. Look there yourself."), code="assisted")
