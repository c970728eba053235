"""What every adapter is built from: typed access to its config, its credentials and its HTTP client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from cms.core.http import HttpClient
from publishers.contracts import Capabilities, Credentials, Recipients, Scope


def _unguarded() -> None:
    """Outside a delivery there is nothing to guard."""


def _unheard(scope: Scope, seconds: float) -> None:
    """Outside a delivery nobody waits."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a platform is and how long to wait for it; made from the settings, never from user input."""

    base_url: str
    token_url: str = ""
    version: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 30.0


@dataclass(slots=True)
class Adapter:
    """Base of the adapters: one channel, one call."""

    kind: ClassVar[str] = ""
    capabilities: ClassVar[Capabilities]

    remote_id: str
    endpoint: Endpoint
    credentials: Credentials
    options: Mapping[str, str] = field(default_factory=dict)
    """What the channel's own settings say (Channel.options)."""
    guard: Callable[[], None] = _unguarded
    """Called right before the one call that makes something visible: remembers that it begins, and raises
    a PublishError when it must not (lease lost, everything stopped)."""
    slow_down: Callable[[Scope, float], None] = _unheard
    """Tell the dispatcher to make no call of this scope for so many seconds (usage headers)."""
    recipients: Recipients | None = None

    def http(self) -> HttpClient:
        """A fresh client with this endpoint's timeouts."""
        return HttpClient(
            connect_timeout=self.endpoint.connect_timeout, read_timeout=self.endpoint.read_timeout
        )
