"""Checks of adapters that declare ``recipients``: every address gets it once, or its state says why not."""

from publishers.adapters.verdict import Step
from publishers.contracts import PublishError, Rejected
from publishers.kit.checks import Checks
from publishers.kit.dispatcher import Verdict
from publishers.kit.recipients import MemoryRecipients, State
from publishers.kit.rows import able
from publishers.kit.rules import require


class ListChecks(Checks):
    """Only where ``recipients`` is declared. The other checks run with a list of one address."""

    @able("recipients")
    def test_list_reaches_everybody(self) -> None:
        """Each address once, in one delivery."""
        with self.stage() as on:
            on.recipients = self.list_of(3)
            require(on.send(self.message()).verdict is Verdict.OUT, "three addresses, and it is not out")
            require(len(on.items()) == 3, "not everybody on the list got it")

    @able("recipients")
    def test_failure_in_the_middle_of_a_list(self, failure: str) -> None:
        """One address meets a failure: the others still get it, and nobody gets it twice."""
        with self.stage() as on:
            on.recipients = self.list_of(3)
            on.remote.plan(failure, after=1)
            on.send(self.message())
            on.remote.heal()
            on.deliver(self.message())
            left = on.recipients.count(State.PENDING) + on.recipients.count(State.SENDING)
            require(not left, "the delivery came to its end with addresses that nothing was sent to")
            require(len(on.items()) >= 2, "one address failed, and others did not get it either")

    @able("recipients")
    def test_each_address_is_remembered_before_its_call(self) -> None:
        """A worker that dies in the middle leaves behind whom it was just writing to."""
        with self.stage() as on:
            on.recipients = self.list_of(3)
            seen: list[State | None] = []
            on.remote.witness = lambda address: seen.append(on.recipients.states.get(address))
            on.send(self.message())
            require(seen == [State.SENDING] * 3, f"during their calls the addresses were {seen}")

    @able("recipients")
    def test_an_address_another_worker_has_is_left_alone(self) -> None:
        """``begin`` said no, or what became of it is unknown."""
        first, second, third = self.addresses[:3]
        with self.stage() as on:
            on.recipients = MemoryRecipients([first, second], unknown=[third], denied=[first])
            on.attempt("send", lambda: on.publisher().send(self.message()))
            reached = [on.remote.address(item.remote_id) for item in on.items()]
            require(reached == [second], f"sent to {reached}, and only {second} was free")

    @able("recipients")
    def test_empty_list(self) -> None:
        """Nobody to write to is no success."""
        with self.stage() as on:
            on.recipients = MemoryRecipients([])
            answer = on.attempt("send", lambda: on.publisher().send(self.message()))
            require(isinstance(answer, PublishError), "called out, and there was nobody to send to")
            require(isinstance(answer, Rejected), f"{type(answer).__name__} instead of Rejected")
            require(not on.remote.count(Step.PUBLISH), "there was nobody on the list, and somebody got it")
