"""A platform in memory, with an adapter that speaks to it: what a test may ask for is what real ones do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from django.utils import timezone

from publishers import registry
from publishers.adapters.base import Adapter
from publishers.contracts import Capabilities, ChannelIdentity, Message, Receipt


class Crash(BaseException):
    """The worker died in the middle of the call."""


@dataclass
class Item:
    """One post on the platform."""

    remote_id: str
    reference: str
    created: datetime
    visible: datetime


@dataclass
class Remote:
    """What the platform holds, and what it does to the next calls."""

    clock: Callable[[], datetime] = timezone.now
    posts: list[Item] = field(default_factory=list)
    sends: list[Callable[["Remote", Message], Receipt]] = field(default_factory=list)
    """One entry for each coming ``send``; none left means it just works."""
    looks: list[Exception] = field(default_factory=list)
    checks: list[Exception] = field(default_factory=list)
    calls: int = 0

    def publish(self, message: Message, *, hidden_for: float = 0.0) -> Receipt:
        """The effect of a send."""
        now = self.clock()
        item = Item(f"p{len(self.posts) + 1}", message.reference, now, now + timedelta(seconds=hidden_for))
        self.posts.append(item)
        return Receipt(item.remote_id, f"https://memory.example/{item.remote_id}", now)

    def carrying(self, reference: str) -> list[Item]:
        """All posts with ``reference``, hidden ones included."""
        return [item for item in self.posts if item.reference == reference]


REMOTE = Remote()


class MemoryPublisher(Adapter):
    """Reads back."""

    kind: ClassVar[str] = "memory"
    capabilities: ClassVar[Capabilities] = Capabilities(max_length=1000, images=1, read_back=True)

    def check(self) -> ChannelIdentity:
        if REMOTE.checks:
            raise REMOTE.checks.pop(0)
        return ChannelIdentity("1", "Trang thử", "https://memory.example/", "https://memory.example/p.png")

    def send(self, message: Message) -> Receipt:
        REMOTE.calls += 1
        if REMOTE.sends:
            return REMOTE.sends.pop(0)(REMOTE, message)
        return REMOTE.publish(message)

    def find(self, message: Message, since: datetime) -> Receipt | None:
        if REMOTE.looks:
            raise REMOTE.looks.pop(0)
        now = REMOTE.clock()
        seen = [i for i in REMOTE.carrying(message.reference) if i.created >= since and i.visible <= now]
        if not seen:
            return None
        others = tuple(item.remote_id for item in seen[1:])
        return Receipt(
            seen[0].remote_id, f"https://memory.example/{seen[0].remote_id}", seen[0].created, others
        )


class BlindPublisher(MemoryPublisher):
    """Cannot read back."""

    kind: ClassVar[str] = "blind"
    capabilities: ClassVar[Capabilities] = Capabilities(max_length=1000)


class RepeatablePublisher(MemoryPublisher):
    """Sending again changes nothing."""

    kind: ClassVar[str] = "repeatable"
    capabilities: ClassVar[Capabilities] = Capabilities(max_length=1000, read_back=True, repeatable=True)

    def send(self, message: Message) -> Receipt:
        REMOTE.calls += 1
        if REMOTE.sends:
            return REMOTE.sends.pop(0)(REMOTE, message)
        known = REMOTE.carrying(message.reference)
        return Receipt(known[0].remote_id) if known else REMOTE.publish(message)


@contextmanager
def memory_kinds() -> Iterator[Remote]:
    """Register the three kinds and start with an empty platform."""
    made = {
        cls.kind: registry.Kind(cls.kind, f"{cls.__module__}.{cls.__qualname__}", "")
        for cls in (MemoryPublisher, BlindPublisher, RepeatablePublisher)
    }
    REMOTE.__init__()  # type: ignore[misc]
    registry.KINDS.update(made)
    registry.adapter_class.cache_clear()
    try:
        yield REMOTE
    finally:
        for kind in made:
            del registry.KINDS[kind]
        registry.adapter_class.cache_clear()
