"""One check's world: a receiver, an adapter that speaks to it, and the rule that both must agree."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.test import override_settings

from publishers.adapters.base import Endpoint
from publishers.adapters.verdict import Step
from publishers.contracts import Capabilities, Message, PublishError, Shown
from publishers.kit import dispatcher, leaks
from publishers.kit.credentials import MemoryCredentials
from publishers.kit.dispatcher import Outcome, Verdict
from publishers.kit.recipients import MemoryRecipients, State
from publishers.kit.remote import Remote
from publishers.kit.rules import MAX_SENTENCE, ContractBroken, require

CONNECT_SECONDS = 1.0
READ_SECONDS = 0.3
UNHURRIED_SECONDS = 5.0
"""The read timeout where nobody is left waiting: a busy machine must not look like a failure."""
PATIENCE_SECONDS = 5.0
"""How long a call may take when nobody answers: a few calls with the timeouts above, on a busy machine."""
Answer = TypeVar("Answer")


class Setting(Protocol):
    """What a check says of the adapter under test (publishers.kit.checks.Checks)."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """The secrets of its account."""

    def account(self, url: str) -> Mapping[str, str]:
        """What else its account holds."""

    def settings(self, url: str) -> Mapping[str, Any]:
        """The Django settings it reads."""

    def publisher(self, url: str, **parts: Any) -> Any:
        """An adapter that speaks to ``url``; ``parts`` are the fields of ``publishers.adapters.base.Adapter``."""

    def list_of(self, number: int) -> MemoryRecipients:
        """A list of addresses."""


@dataclass
class Stage:
    """A target of the kit's dispatcher, with the remote truth at hand."""

    remote: Remote
    setting: Setting
    url: str
    credentials: MemoryCredentials
    watch: leaks.Watch
    recipients: MemoryRecipients

    def publisher(self, **parts: Any) -> Any:
        """A fresh adapter that speaks to the receiver."""
        read = READ_SECONDS if self.remote.holding else UNHURRIED_SECONDS
        where = Endpoint(self.url, self.url, connect_timeout=CONNECT_SECONDS, read_timeout=read)
        made = self.setting.publisher(self.url, endpoint=where, credentials=self.credentials, **parts)
        if made.capabilities.recipients:
            made.recipients = self.recipients
        return made

    def settle(self) -> None:
        """Let every call at the receiver come to its end."""
        self.remote.settle()

    @property
    def capabilities(self) -> Capabilities:
        """What the adapter declares."""
        able: Capabilities = self.publisher().capabilities
        return able

    def items(self) -> Sequence[Shown]:
        """What stands at the receiver once nothing is under way."""
        self.settle()
        return self.remote.items()

    def ask(self, name: str, call: Callable[[], Answer]) -> Answer:
        """What ``call`` answers, or its PublishError; any other error breaks the contract."""
        try:
            answer = call()
        except PublishError as error:
            self.proper(error)
            raise
        except ContractBroken:
            raise
        except Exception as error:
            self.watch.error(error)
            raise ContractBroken(f"{name} raised {type(error).__name__} instead of a PublishError") from error
        self.watch.text(repr(answer), f"the answer of {name}")
        return answer

    def attempt(self, name: str, call: Callable[[], Answer]) -> Answer | PublishError:
        """What ``call`` answers or raises."""
        try:
            return self.ask(name, call)
        except PublishError as error:
            return error

    def refusal(self, name: str, call: Callable[[], Any]) -> PublishError:
        """The PublishError that ``call`` has to raise."""
        answer = self.attempt(name, call)
        if isinstance(answer, PublishError):
            return answer
        raise ContractBroken(f"{name} answered {type(answer).__name__} instead of raising a PublishError")

    def send(self, sealed: Message) -> Outcome:
        """One attempt, judged."""
        before = self.remote.count(Step.PUBLISH)
        outcome = self.ask("send", lambda: dispatcher.send(self, sealed))
        calls = self.remote.count(Step.PUBLISH) - before
        most = len(self.recipients.states) if self.capabilities.recipients else 1
        require(
            calls <= most, f"one send() made {calls} publishing calls: repeating is the outbox's decision"
        )
        self.judge(outcome)
        return outcome

    def deliver(self, sealed: Message, attempts: int = 3) -> Outcome:
        """Attempts until it is out or a person must look, judged."""
        outcome = self.ask("send", lambda: dispatcher.deliver(self, sealed, attempts))
        self.judge(outcome)
        return outcome

    def judge(self, outcome: Outcome) -> None:
        """At most one item, and the local word is the remote truth, or a person looks."""
        for error in outcome.errors:
            self.proper(error)
        items = self.items()
        told = ", ".join(f"{type(error).__name__} ({error.code})" for error in outcome.errors) or "a receipt"
        if self.capabilities.recipients:
            self._judge_list(items, told)
        else:
            require(len(items) <= 1, f"the same message stands there {len(items)} times, after {told}")
        failed = (Verdict.NOT_OUT,) if self.capabilities.recipients else (Verdict.NOT_OUT, Verdict.AGAIN)
        if outcome.verdict is Verdict.OUT:
            require(items, f"called delivered after {told}, but nothing stands there")
        elif outcome.verdict in failed:
            require(not items, f"called failed after {told}, but the message stands there")
        if outcome.receipt is not None:
            require(outcome.receipt.remote_id, "a receipt without a remote id")
            require(not outcome.receipt.duplicates, "a receipt with duplicates where there are none")

    def _judge_list(self, items: Sequence[Shown], told: str) -> None:
        """Nobody got it twice, and the state of each address is the truth, or unknown."""
        got = [self.remote.address(item.remote_id) for item in items]
        for address, state in self.recipients.states.items():
            copies = got.count(address)
            require(copies <= 1, f"{address} got it {copies} times, after {told}")
            if state is State.SENT:
                require(copies, f"{address} is called sent after {told}, and got nothing")
            elif state in (State.REFUSED, State.PENDING):
                require(not copies, f"{address} is called {state} after {told}, and got it")

    def proper(self, error: PublishError) -> None:
        """What a person and the log get to see of ``error``."""
        self.watch.error(error)
        name = type(error).__name__
        require(str(error.sentence).strip(), f"{name} has no sentence for the editor")
        require(len(str(error.sentence)) <= MAX_SENTENCE, f"the sentence of {name} is too long")
        require(error.code, f"{name} has no code for the log")

    def in_time(self, name: str, call: Callable[[], Any], patience: float = PATIENCE_SECONDS) -> None:
        """Break unless ``call`` comes to an end although nobody answers."""
        ended: list[BaseException | None] = []

        def run() -> None:
            try:
                call()
            except BaseException as error:
                ended.append(error)
            else:
                ended.append(None)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(patience)
        require(
            ended,
            f"{name} still waits after {patience:g} s: a timeout is missing, or not the endpoint's",
        )
        error = ended[0]
        proper = error is None or isinstance(error, PublishError)
        require(
            proper, f"{name} raised {type(error).__name__} instead of a PublishError when nobody answered"
        )
        if isinstance(error, PublishError):
            self.proper(error)


Opening = AbstractContextManager[Stage]


@contextmanager
def opening(setting: Setting, remote: Remote, url: str = "") -> Iterator[Stage]:
    """A stage at work: the adapter speaks to ``remote``, or to ``url``.

    A receiver that crashed is told as such, not as a fault of the adapter.
    """
    canaries = [value for value in setting.secrets.values() if len(value) > 5]
    with leaks.watching(canaries) as watch, remote:
        where = url or remote.url
        # The adapter may use cms.core.outbound, which calls no address inside the own network.
        local = {"OUTBOUND_ALLOW_HTTP": True, "OUTBOUND_ALLOWED_NETWORKS": ["127.0.0.0/8"]}
        held = MemoryCredentials({**setting.account(where), **setting.secrets})
        with override_settings(**local, **setting.settings(where)):
            try:
                yield Stage(remote, setting, where, held, watch, setting.list_of(1))
            except ContractBroken:
                _crashed(remote)
                raise
        _crashed(remote)
        require(not remote.followed, "a redirect was followed: the message would go to whoever answers there")


def _crashed(remote: Remote) -> None:
    if remote.crashes:
        raise RuntimeError("the receiver itself failed, so nothing is proved") from remote.crashes[0]
