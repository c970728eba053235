"""What a publisher adapter is: plain data in, a receipt or one of seven refusals out. No Django here.

An adapter never sees the database. The dispatcher hands it a frozen ``Message`` made from the sealed
payload, a typed config, and a ``Credentials`` handle; it answers with a ``Receipt`` or raises one of the
errors below. Adapters do not retry and do not sleep: the outbox does (dispatch.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


class Operation(StrEnum):
    """What an adapter does with a message."""

    CREATE = "create"
    """A post of its own. On a channel that cannot edit, a correction or a withdrawal is one more of these."""
    EDIT = "edit"
    """The post ``Message.target_id`` says this from now on. Repeating it changes nothing."""
    DELETE = "delete"
    """The post ``Message.target_id`` is taken away. Repeating it changes nothing."""


class Event(StrEnum):
    """Why a message goes out."""

    PUBLICATION = "publication"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class Scope(StrEnum):
    """How far a platform's request to slow down reaches."""

    CHANNEL = "channel"
    """This page, this group."""
    ACCOUNT = "account"
    """Everything that speaks through the same account: the page's token, the Official Account."""
    PLATFORM = "platform"
    """Everything on the platform: the application."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``calls`` messages in ``seconds``, of which ``burst`` may leave at once."""

    calls: float
    seconds: float
    burst: int = 1

    @property
    def interval(self) -> float:
        """Seconds between two messages at an even pace."""
        return self.seconds / self.calls


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of channel can do. Data, not code: the forms, previews and checks read it."""

    max_length: int
    length_unit: LengthUnit = LengthUnit.UTF16
    images: int = 0
    max_image_bytes: int = 0
    edit: bool = False
    """``edit()`` changes a post that stands."""
    delete: bool = False
    """``delete()`` takes a post away."""
    follow_up: bool = False
    """One more post reaches the readers of the first one (a group, a list), so it can correct it."""
    read_back: bool = False
    listing: bool = False
    """``shown()`` lists what the channel shows; the reconciler compares it with what was approved."""
    insights: bool = False
    mode: Mode = Mode.AUTO
    repeatable: bool = False
    """Sending the same message again changes nothing: the dispatcher may repeat after an unknown outcome."""
    guarded: bool = False
    """``send()`` calls ``guard()`` before its one visible call: a worker that died earlier sent nothing."""
    recipients: bool = False
    """One message goes to many addresses, each of which is remembered (``Adapter.recipients``)."""
    rates: Mapping[Scope, Rate] = field(default_factory=dict)
    """The pace the platform allows; settings.PUBLISH_RATES may set other figures."""

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
    """Structured content for channels that publish more than a text (the portal, the feed, a webhook)."""
    event: Event = Event.PUBLICATION
    operation: Operation = Operation.CREATE
    target_id: str = ""
    """The remote id of the post to edit, to delete or to follow up; empty for a first publication."""
    delivery_id: str = ""
    """The same for every attempt of one delivery: what a receiver can tell repeats by."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the message is out."""

    remote_id: str
    url: str = ""
    published_at: datetime | None = None
    duplicates: tuple[str, ...] = ()
    """Further remote ids that carry the same reference: a person must look."""
    notice: str = ""
    """What a person should know although it worked (3 of 120 addresses refused the message)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item a channel shows today."""

    remote_id: str
    text: str
    published_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a channel shows, newest first."""

    items: tuple[Shown, ...]
    since: datetime
    """Everything shown that is younger than this is in ``items``."""


class Recipients(Protocol):
    """The addresses of one delivery, and what became of each: remembered before and after every call."""

    def pending(self) -> Iterable[str]:
        """Addresses nothing was sent to yet, in a stable order."""

    def begin(self, address: str) -> bool:
        """Commit that the call for ``address`` begins. False: somebody else has it, or the lease is gone."""

    def sent(self, address: str) -> None:
        """The other side took the message for ``address``."""

    def refused(self, address: str, sentence: str) -> None:
        """The other side refuses ``address`` for good."""

    def again(self, address: str) -> None:
        """The message for ``address`` surely was not taken: it is pending again."""

    def unknown(self, address: str) -> None:
        """Whether ``address`` got it is unknown: it is never sent again by itself."""

    def count(self, state: str) -> int:
        """How many addresses are in ``state``: pending, sending, sent, refused, unknown or left."""

    def leaving_link(self, address: str) -> str:
        """Where the owner of ``address`` takes it off the list, by one POST; empty when there is no such place."""


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
    """Throttled, and surely not published: wait ``retry_after`` seconds; not counted as an attempt.

    ``scope`` says who else has to wait.
    """

    default_code = "rate_limited"

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "",
        retry_after: float | None = None,
        scope: Scope = Scope.ACCOUNT,
    ) -> None:
        super().__init__(sentence, code=code, retry_after=retry_after)
        self.scope = scope


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
    """The adapter of one kind of channel, made for one call and thrown away.

    ``check``, ``send`` and ``find`` are asked of every kind; the others only where the capabilities say so.
    """

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def check(self) -> ChannelIdentity:
        """Make a harmless call and say whom we speak as. Raises a PublishError."""

    def send(self, message: Message) -> Receipt:
        """Publish ``message`` once. Raises a PublishError; anything else counts as OutcomeUnknown.

        Calls ``self.guard()`` right before the one call that makes something visible.
        """

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Look for ``message.reference`` among what the channel shows since ``since``.

        None means: looked, and it is not there. Raises LookupFailed, RateLimited or AuthExpired when it
        could not look.
        """

    def edit(self, message: Message) -> Receipt:
        """Make the post ``message.target_id`` say ``message.text``. Raises like ``send``.

        A post that is not there any more: Rejected with code ``post_gone``.
        """

    def delete(self, message: Message) -> Receipt:
        """Take the post ``message.target_id`` away; that it is gone already is a success. Raises like ``send``."""

    def shown(self, since: datetime) -> Listing:
        """What the channel shows since ``since``, ours or not. Raises like ``find``."""

    def insights(self, remote_id: str) -> Mapping[str, int | None]:
        """The figures the platform gives for one post, by metric (publishers.insights.Metric).

        None where it gives none: never a zero of our own. Raises like ``find``.
        """
