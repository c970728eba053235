"""What every group of checks stands on: the adapter under test, its other side, and the way to run one check.

Nothing here imports pytest until a check runs, so that the product's own packages stay importable without it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar, Final

from publishers.adapters.verdict import Step
from publishers.contracts import (
    AuthExpired,
    Capabilities,
    Event,
    LookupFailed,
    Message,
    Operation,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Receipt,
    Rejected,
)
from publishers.kit import sample, stage
from publishers.kit.recipients import MemoryRecipients
from publishers.kit.remote import Remote
from publishers.kit.rows import drop_idle
from publishers.kit.rules import require
from publishers.kit.stage import Stage

# What a failed look may raise; anything else the dispatcher would misread.
NOT_SEEN: Final = (LookupFailed, RateLimited, AuthExpired)
ALWAYS: Final = 99


class Checks:
    """An adapter and its other side, named by a subclass."""

    adapter: ClassVar[Any]
    """The adapter's class."""
    receiver: ClassVar[type[Remote]]
    """Its other side."""
    secrets: ClassVar[Mapping[str, str]] = {}
    """Secrets that ``credentials.read()`` gives. No value longer than five characters may ever be seen anywhere."""
    remote_id: ClassVar[str] = "1"
    addresses: ClassVar[Sequence[str]] = ("mot@example.vn", "hai@example.vn", "ba@example.vn")
    """At least three addresses the channel takes, where it has a list of them (``Capabilities.recipients``)."""
    given_figures: ClassVar[Mapping[str, int]] = {"views": 41, "reactions": 7}
    """Figures the platform can give for one item (``Capabilities.insights``), by metric."""
    patience: ClassVar[float] = stage.PATIENCE_SECONDS
    """Seconds in which every call must have come to its end although nobody answers."""
    exempt: ClassVar[Mapping[str, str]] = {}
    """Failures or checks that do not apply → why. For the reader of the tests."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        named = hasattr(cls, "adapter") and hasattr(cls, "receiver")
        # What is no Capabilities is told by a check of its own.
        if named and isinstance(getattr(cls.adapter, "capabilities", None), Capabilities):
            drop_idle(cls)

    def options(self, url: str) -> Mapping[str, str]:
        """The channel's own settings, when the other side is at ``url``."""
        return {}

    def account(self, url: str) -> Mapping[str, str]:
        """What the account holds besides ``secrets``, when the other side is at ``url``; no secrets."""
        return {}

    def settings(self, url: str) -> Mapping[str, Any]:
        """Django settings the adapter reads, when the other side is at ``url``."""
        return {}

    def publisher(self, url: str, **parts: Any) -> Any:
        """An adapter that speaks to ``url``, made as publishers.connect makes it."""
        return self.adapter(remote_id=self.remote_id, options=self.options(url), **parts)

    def message(self, reference: str = sample.REFERENCE, text: str = "") -> Message:
        """A sealed message that the adapter takes."""
        return sample.message(reference, text=text)

    def picture(self) -> bytes:
        """A picture that the adapter takes."""
        return sample.picture()

    def stage(self, url: str = "") -> stage.Opening:
        """A receiver, and the adapter that speaks to it, or to ``url``."""
        return stage.opening(self, self.receiver(), url)

    @classmethod
    def parameters(cls, check: Callable[..., None]) -> tuple[str, ...]:
        """The failures that ``check`` is run under, one test each; none if it takes no failure."""
        names = check.__code__.co_varnames[: check.__code__.co_argcount]
        if "failure" in names:
            return tuple(name for name in cls.receiver.failures if name not in cls.exempt)
        return tuple(n for n in cls.receiver.definite if n not in cls.exempt) if "refused" in names else ()

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """One test for each failure (a hook of pytest)."""
        for name in {"failure", "refused"}.intersection(metafunc.fixturenames):
            metafunc.parametrize(name, self.parameters(metafunc.function))

    # Tools

    @contextmanager
    def nobody(self) -> Iterator[Stage]:
        """The adapter, speaking to a place where nobody is."""
        remote = self.receiver()
        with remote.nowhere() as url, stage.opening(self, remote, url) as on:
            yield on

    def pictured(self, reference: str = sample.REFERENCE) -> Message:
        """A sealed message with one picture."""
        return replace(self.message(reference), images=(sample.sealed_image(self.picture()),))

    def list_of(self, number: int, **more: Any) -> MemoryRecipients:
        """A list of the first ``number`` addresses."""
        return MemoryRecipients(self.addresses[:number], **more)

    def of_length(self, limit: int) -> Message:
        """A message of exactly ``limit``, as the adapter counts."""
        plain = self.message()
        rest = limit - self.adapter.capabilities.measure(plain.text) - 1
        require(rest >= 0, "the sample message is longer than max_length: override message()")
        return replace(plain, text=f"{plain.text}\n{'m' * rest}")

    def refused_before_anything_left(self, on: Stage, sealed: Message) -> None:
        """Require that ``sealed`` is refused here, and not at the platform."""
        error = on.refusal("send", lambda: on.publisher().send(sealed))
        require(isinstance(error, Rejected), f"{type(error).__name__} instead of Rejected")
        require(not on.remote.count(Step.PUBLISH), "it was refused after it had been sent")

    def change(self, operation: Operation, event: Event, target_id: str) -> Message:
        """The message that edits or deletes ``target_id``."""
        reference = f"{sample.REFERENCE}.2"
        return replace(self.message(reference), operation=operation, event=event, target_id=target_id)

    def changed(self, on: Stage, answer: Receipt | PublishError, *, done: bool) -> None:
        """Require that ``answer`` is true of a change that was ``done`` or not."""
        require(len(on.items()) <= 1, "a change made a second item")
        if isinstance(answer, Receipt):
            require(done, "called done, and nothing changed")
        elif not isinstance(answer, OutcomeUnknown):
            require(not done, f"called failed ({type(answer).__name__}), and it was done")
