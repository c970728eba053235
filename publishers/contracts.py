"""What a publisher adapter is: plain data in, a receipt or one of seven refusals out. No Django here.

An adapter never sees the database. The dispatcher hands it a frozen ``Message`` made from the sealed
payload, a typed config, and a ``Credentials`` handle; it answers with a ``Receipt`` or raises one of the
errors below. Adapters do not retry and do not sleep: the outbox does (dispatch.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol


class LengthUnit(StrEnum):
    """How a platform counts a text."""

    CODE_POINTS = "code_points"
    UTF16 = "utf16"


class Mode(StrEnum):
    """Who posts: the system, or a person the system prepares the work for."""

    AUTO = "auto"
    ASSISTED = "assisted"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of channel can do. Data, not code: the forms, previews and checks read it."""

    max_length: int
    length_unit: LengthUnit = LengthUnit.UTF16
    images: int = 0
    max_image_bytes: int = 0
    edit: bool = False
    delete: bool = False
    read_back: bool = False
    insights: bool = False
    mode: Mode = Mode.AUTO
    # Sending the same message again changes nothing: the dispatcher may repeat after an unknown outcome.
    repeatable: bool = False

    def measure(self, text: str) -> int:
        """Length of ``text`` as the platform counts it."""
        if self.length_unit is LengthUnit.UTF16:
            return len(text.encode("utf-16-le")) // 2
        return len(text)


@dataclass(frozen=True, slots=True)
class Image:
    """One sealed picture of a message."""

    sha256: str
    mime: str
    width: int
    height: int
    alt: str
    # Reads the sealed bytes and refuses if they changed.
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Message:
    """Exactly what one channel shall publish."""

    reference: str
    """Unique code that stands in ``text`` (CB-2026-00123), matched on read-back."""
    title: str
    text: str
    link: str
    images: tuple[Image, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    """Structured content for channels that publish more than a text (the portal)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the message is out."""

    remote_id: str
    url: str = ""
    published_at: datetime | None = None
    duplicates: tuple[str, ...] = ()
    """Further remote ids that carry the same reference: a person must look."""


@dataclass(frozen=True, slots=True)
class ChannelIdentity:
    """What a connection check shows: whom we would speak as."""

    remote_id: str
    name: str
    url: str = ""
    picture_url: str = ""
    detail: str = ""


class Credentials(Protocol):
    """The secrets of one account, readable only during an adapter call."""

    def read(self) -> dict[str, str]:
        """The current secrets."""

    def rotate(self, refresh: Callable[[dict[str, str]], dict[str, str]], *, stale: str) -> dict[str, str]:
        """Replace the secrets under the account's lock and return the current ones.

        ``refresh`` gets the secrets as they stand inside the lock and returns the new ones; they are
        committed before this returns. If another worker already replaced the access token ``stale``,
        ``refresh`` is not called. Raises AuthExpired when the account must be reconnected by a person.
        """


class PublishError(Exception):
    """Base of everything an adapter may raise. ``sentence`` is for a person, ``code`` for the log."""

    default_code: ClassVar[str] = "error"

    def __init__(self, sentence: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code
        self.retry_after = retry_after


class Temporary(PublishError):
    """Refused for now, and surely not published: try again later."""

    default_code = "temporary"


class RateLimited(PublishError):
    """Throttled, and surely not published: wait ``retry_after`` seconds; not counted as an attempt."""

    default_code = "rate_limited"


class AuthExpired(PublishError):
    """The account's access is dead: a person must reconnect it."""

    default_code = "auth_expired"


class Rejected(PublishError):
    """The platform refuses this content for good."""

    default_code = "rejected"


class ChannelGone(PublishError):
    """This destination no longer exists or no longer accepts us."""

    default_code = "channel_gone"


class OutcomeUnknown(PublishError):
    """The request left, and no definite answer came back: it may be published. Never re-sent blindly."""

    default_code = "outcome_unknown"


class LookupFailed(PublishError):
    """Reading back did not work, so nothing is known yet: ask again later."""

    default_code = "lookup_failed"


class Publisher(Protocol):
    """The adapter of one kind of channel, made for one call and thrown away."""

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def check(self) -> ChannelIdentity:
        """Make a harmless call and say whom we speak as. Raises a PublishError."""

    def send(self, message: Message) -> Receipt:
        """Publish ``message`` once. Raises a PublishError; anything else counts as OutcomeUnknown."""

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Look for ``message.reference`` among what the channel shows since ``since``.

        None means: looked, and it is not there. Raises LookupFailed, RateLimited or AuthExpired when it
        could not look.
        """
