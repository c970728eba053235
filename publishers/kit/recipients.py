"""The addresses of one delivery, without a database: what publishers.recipients does with table rows."""

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import quote


class State(StrEnum):
    """What became of one address."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    LEFT = "left"


class MemoryRecipients:
    """Addresses in memory (publishers.contracts.Recipients).

    ``denied`` are those another worker has in hand: ``begin`` says no to them.
    """

    def __init__(
        self, addresses: Iterable[str], *, unknown: Iterable[str] = (), denied: Iterable[str] = ()
    ) -> None:
        self.states = dict.fromkeys(addresses, State.PENDING) | dict.fromkeys(unknown, State.UNKNOWN)
        self._denied = frozenset(denied)

    def pending(self) -> list[str]:
        """Addresses nothing was sent to yet. What was begun and never ended is unknown."""
        for address in self._in(State.SENDING):
            self.states[address] = State.UNKNOWN
        return self._in(State.PENDING)

    def begin(self, address: str) -> bool:
        """Remember that the call for ``address`` begins."""
        if address in self._denied or self.states.get(address) is not State.PENDING:
            return False
        self.states[address] = State.SENDING
        return True

    def sent(self, address: str) -> None:
        """It was taken."""
        self.states[address] = State.SENT

    def refused(self, address: str, sentence: str) -> None:
        """It is refused for good."""
        self.states[address] = State.REFUSED

    def again(self, address: str) -> None:
        """It surely was not taken."""
        self.states[address] = State.PENDING

    def unknown(self, address: str) -> None:
        """Nobody knows."""
        self.states[address] = State.UNKNOWN

    def leaving_link(self, address: str) -> str:
        """Where the owner of ``address`` leaves the list; only for one that is on it."""
        known = address in self.states
        return f"https://keng.example/leave/{quote(address, safe='')}" if known else ""

    def count(self, state: str) -> int:
        """How many addresses are in ``state``."""
        return len(self._in(State(state)))

    def _in(self, state: State) -> list[str]:
        return [address for address, now in self.states.items() if now is state]
