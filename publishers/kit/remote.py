"""The other side of an adapter, whatever it speaks: what stands there, and which failure its next call meets."""

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar, Self

from publishers.adapters.verdict import Step
from publishers.contracts import PublishError, Shown

HOLD_SECONDS = 5.0
"""How long a held call stays open at most; it ends as soon as the caller has given up."""
SETTLE_SECONDS = 10.0


@dataclass
class _Plan:
    failure: str
    step: Step | None
    times: int
    after: int


class Remote:
    """A platform on this machine that fails on request. ``with`` runs it.

    ``publishers.kit.Receiver`` is the one that speaks HTTP. One that speaks something else gives ``url``,
    ``nowhere``, ``__enter__`` and ``__exit__``, names what can go wrong there, asks ``meet`` at each call which
    of it happens, and notes with ``keep`` what stands there.
    """

    failures: ClassVar[Sequence[str]] = ()
    """Everything that ``plan`` can be asked for."""
    definite: ClassVar[Mapping[str, type[PublishError]]] = {}
    """Those of ``failures`` that are a clear no, without any effect → the error an adapter has to raise."""
    lost: ClassVar[str] = ""
    """The failure in which a call takes effect and its answer is lost; empty: it cannot get lost."""
    silent: ClassVar[str] = ""
    """The failure in which nobody answers; empty: there is nobody to wait for."""
    holds: ClassVar[Collection[str]] = ()
    """Those of ``failures`` in which the caller waits in vain: for these alone the kit gives short timeouts."""
    uploads: ClassVar[bool] = False
    """Pictures go ahead of the message in calls of their own (``Step.PREPARE``)."""

    def __init__(self) -> None:
        self.crashes: list[BaseException] = []
        """What went wrong in the receiver itself: no fault of the adapter."""
        self.followed = False
        """Whether anybody went where a redirect led."""
        self.hold_seconds = HOLD_SECONDS
        self.state = threading.RLock()
        """Held while a call takes effect."""
        self.leaving = threading.Event()
        """Set when the receiver is taken down: whoever is held may go."""
        self.witness: Callable[[str], None] = lambda address: None
        """Told of the address of each item at the moment it is kept."""
        self._plans: list[_Plan] = []
        self._counts: Counter[Step] = Counter()
        self._items: list[Shown] = []
        self._pictures: dict[str, tuple[str, ...]] = {}
        self._addresses: dict[str, str] = {}
        self._figures: dict[str, Mapping[str, int]] = {}
        self._numbers = 0
        self._under_way = 0

    @property
    def url(self) -> str:
        """Where it is, in the form in which an adapter is told."""
        raise NotImplementedError

    def nowhere(self) -> AbstractContextManager[str]:
        """The address of a place where nobody is."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.leaving.set()

    # What stands there

    def items(self) -> Sequence[Shown]:
        """What really stands here, oldest first, hidden items included."""
        with self.state:
            return list(self._items)

    def keep(
        self,
        text: str,
        published_at: datetime | None = None,
        *,
        pictures: Iterable[bytes | str] = (),
        address: str = "",
    ) -> Shown:
        """Put an item up and return it: with ``pictures`` (bytes, or their SHA-256), for ``address``."""
        self.witness(address)
        with self.state:
            self._numbers += 1
            made = Shown(f"p{self._numbers}", text, published_at or datetime.now(UTC))
            self._items.append(made)
            self._pictures[made.remote_id] = tuple(map(_hash, pictures))
            self._addresses[made.remote_id] = address
            return made

    def change(self, remote_id: str, text: str) -> bool:
        """Give an item another text. False: there is no such item."""
        with self.state:
            found = [place for place, item in enumerate(self._items) if item.remote_id == remote_id]
            for place in found:
                self._items[place] = replace(self._items[place], text=text)
            return bool(found)

    def remove(self, remote_id: str) -> bool:
        """Take an item away. False: there is no such item."""
        with self.state:
            before = len(self._items)
            self._items = [item for item in self._items if item.remote_id != remote_id]
            return len(self._items) < before

    def pictures(self, remote_id: str) -> tuple[str, ...]:
        """The SHA-256 of each picture of an item."""
        with self.state:
            return self._pictures.get(remote_id, ())

    def address(self, remote_id: str) -> str:
        """For whom an item is; empty on a channel that everybody sees."""
        with self.state:
            return self._addresses.get(remote_id, "")

    def count_up(self, remote_id: str, figures: Mapping[str, int]) -> None:
        """From now on the platform gives these figures for an item. Without, it gives none."""
        with self.state:
            self._figures[remote_id] = dict(figures)

    def figures(self, remote_id: str) -> Mapping[str, int]:
        """The figures the platform gives for an item, by metric."""
        with self.state:
            return self._figures.get(remote_id, {})

    # What goes wrong

    def plan(self, failure: str, *, step: Step | None = Step.PUBLISH, times: int = 1, after: int = 0) -> None:
        """Let ``times`` calls of ``step`` (None: of any) meet ``failure``, once ``after`` of them have passed.

        Raises KeyError for a failure that does not exist here.
        """
        if failure not in self.failures:
            raise KeyError(failure)
        with self.state:
            self._plans.append(_Plan(failure, step, times, after))

    def heal(self) -> None:
        """Forget every planned failure."""
        with self.state:
            self._plans.clear()

    def meet(self, step: Step) -> str:
        """Count a call of ``step``, and say which failure it meets; empty: none."""
        with self.state:
            self._counts[step] += 1
            for plan in self._plans:
                if plan.step not in (None, step) or not plan.times:
                    continue
                if plan.after:
                    plan.after -= 1
                    continue
                plan.times -= 1
                return plan.failure
            return ""

    @property
    def holding(self) -> bool:
        """Whether a call may be left waiting from now on."""
        with self.state:
            return any(plan.times and plan.failure in self.holds for plan in self._plans)

    def count(self, step: Step) -> int:
        """How many calls of ``step`` arrived."""
        with self.state:
            return self._counts[step]

    # What is under way

    def hold(self, gone: Callable[[], bool] = lambda: False) -> None:
        """Wait until the caller is ``gone``, for ``hold_seconds`` at most, or until the receiver is taken down."""
        end = time.monotonic() + self.hold_seconds
        while time.monotonic() < end and not gone() and not self.leaving.wait(0.01):
            pass

    def settle(self) -> None:
        """Wait until no call is under way any more."""
        end = time.monotonic() + SETTLE_SECONDS
        while self._under_way and time.monotonic() < end:
            time.sleep(0.005)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Counts a call for ``settle``."""
        with self.state:
            self._under_way += 1
        try:
            yield
        finally:
            with self.state:
                self._under_way -= 1


def _hash(picture: bytes | str) -> str:
    return picture if isinstance(picture, str) else hashlib.sha256(picture).hexdigest()
