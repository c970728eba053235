"""The portal as a channel: a page is public because its delivery ran."""

from datetime import datetime
from typing import ClassVar, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from publishers.adapters.base import Adapter
from publishers.contracts import Capabilities, ChannelIdentity, LengthUnit, Listing, Message, Receipt


class Backend(Protocol):
    """What settings.PORTAL_BACKEND names; the adapter knows the portal by this name only."""

    def publish(self, message: Message) -> Receipt:
        """Make ``message`` public; repeating it changes nothing."""

    def find(self, message: Message) -> Receipt | None:
        """The receipt when the public can read ``message``."""

    def shown(self, since: datetime) -> Listing:
        """What the public sees there."""

    def check(self) -> ChannelIdentity:
        """Who speaks there."""


class PortalPublisher(Adapter):
    """Hands the sealed content to this installation's own public pages."""

    kind: ClassVar[str] = "portal"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=100_000,
        length_unit=LengthUnit.CODE_POINTS,
        images=6,
        max_image_bytes=20 * 1024 * 1024,
        edit=True,
        read_back=True,
        listing=True,
        repeatable=True,
    )

    def check(self) -> ChannelIdentity:
        return _backend().check()

    def send(self, message: Message) -> Receipt:
        return _backend().publish(message)

    def edit(self, message: Message) -> Receipt:
        """The same as publishing again."""
        return self.send(message)

    def shown(self, since: datetime) -> Listing:
        """Every public warning, with the sealed words if its page has them."""
        return _backend().shown(since)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Looks at the page itself: when it became public does not matter."""
        return _backend().find(message)


def _backend() -> Backend:
    return cast(Backend, import_string(settings.PORTAL_BACKEND)())
