"""The contract of publishers/contracts.py as a test class: subclass it, name your adapter and its other side.

Every check runs against a real other side on this machine.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from publishers.adapters.verdict import Step
from publishers.contracts import (
    AuthExpired,
    ChannelIdentity,
    Event,
    LookupFailed,
    Operation,
    OutcomeUnknown,
    PublishError,
    Receipt,
    Rejected,
    Temporary,
)
from publishers.kit import sample
from publishers.kit.checks import ALWAYS, NOT_SEEN
from publishers.kit.dispatcher import Verdict
from publishers.kit.figures import FigureChecks
from publishers.kit.lists import ListChecks
from publishers.kit.pictures import PictureChecks
from publishers.kit.rows import able, where
from publishers.kit.rules import check_capabilities, require
from publishers.kit.stage import Stage


class AdapterContract(PictureChecks, FigureChecks, ListChecks):
    """Checks of one adapter. A subclass named ``Test…`` is collected by pytest.

    A check that needs a capability the adapter does not declare is not there at all.
    """

    # Declarations

    def test_capabilities_agree_with_methods(self) -> None:
        """What is declared is there, and what is there is declared."""
        check_capabilities(self.adapter)

    # Text

    def test_text_goes_out_byte_for_byte(self) -> None:
        """The approver signed these bytes."""
        sealed = self.message(text=sample.awkward_text())
        with self.stage() as on:
            require(on.send(sealed).verdict is Verdict.OUT, "a text within the limits was not sent")
            (item,) = on.items()
            require(item.text.encode() == sealed.text.encode(), f"the text was changed: {item.text!r}")

    def test_longest_text_is_not_cut_and_a_longer_one_not_sent(self) -> None:
        """The limit is the one declared."""
        with self.stage() as on:
            longest = self.of_length(on.capabilities.max_length)
            longer = replace(longest, text=f"{longest.text}m")
            self.refused_before_anything_left(on, longer)
            require(on.send(longest).verdict is Verdict.OUT, "a text of max_length was not sent")
            (item,) = on.items()
            require(item.text == longest.text, "a text of max_length was changed")

    def test_a_text_that_is_none_is_not_sent(self) -> None:
        """An empty text, or one with half a character, is refused here and not at the platform."""
        for text in (" \n", "Nửa ký tự \ud83d"):
            with self.stage() as on:
                self.refused_before_anything_left(on, replace(self.message(), text=text))

    # Sending

    def test_receipt_names_what_stands_there(self) -> None:
        """Without any failure."""
        with self.stage() as on:
            receipt = on.ask("send", lambda: on.publisher().send(self.message()))
            require(isinstance(receipt, Receipt), "send() answered no Receipt")
            (item,) = on.items()
            listed = on.capabilities.recipients
            require(
                listed or receipt.remote_id == item.remote_id,
                f"{receipt.remote_id} instead of {item.remote_id}",
            )

    def test_one_failure(self, failure: str) -> None:
        """A single failure of the publishing call; afterwards the delivery comes to its end."""
        with self.stage() as on:
            on.remote.plan(failure)
            outcome = on.send(self.message())
            if outcome.verdict in (Verdict.AGAIN, Verdict.REPEAT):
                on.remote.heal()
                again = on.deliver(self.message())
                require(again.verdict is Verdict.OUT, "it could have gone out, and did not")
            elif outcome.verdict is Verdict.PERSON:
                require(not on.capabilities.read_back, "find() could have told, and a person is asked")

    def test_lasting_failure(self, failure: str) -> None:
        """Every publishing call fails in the same way."""
        with self.stage() as on:
            on.remote.plan(failure, times=ALWAYS)
            on.deliver(self.message(), attempts=2)

    @where(lambda contract: contract.receiver.definite)
    def test_definite_refusal(self, refused: str) -> None:
        """What a person reads, and whether the channel is paused, hangs on the class."""
        with self.stage() as on:
            on.remote.plan(refused)
            error = on.refusal("send", lambda: on.publisher().send(self.message()))
            expected = on.remote.definite[refused]
            require(isinstance(error, expected), f"{type(error).__name__} instead of {expected.__name__}")
            require(not on.items(), "refused, and yet it stands there")

    def test_nobody_there(self) -> None:
        """Nothing left, and that is sure: no person has to look."""
        with self.nobody() as on:
            error = on.refusal("send", lambda: on.publisher().send(self.message()))
            require(isinstance(error, Temporary), f"{type(error).__name__} instead of Temporary")
            error = on.refusal("find", lambda: on.publisher().find(self.message(), datetime.now(UTC)))
            require(isinstance(error, LookupFailed), f"{type(error).__name__} instead of LookupFailed")
            on.refusal("check", lambda: on.publisher().check())

    @where(lambda contract: contract.receiver.silent)
    def test_every_call_ends_although_nobody_answers(self) -> None:
        """A worker that waits for ever loses its lease, and another one sends."""
        with self.stage() as on:
            stands = on.ask("send", lambda: on.publisher().send(self.message()))
            on.remote.hold_seconds = 60.0
            on.remote.plan(on.remote.silent, step=None, times=ALWAYS)
            for name, call in self._calls(on, stands.remote_id):
                on.recipients = self.list_of(1)
                on.in_time(name, call, self.patience)

    @able("repeatable")
    def test_a_repeat_changes_nothing(self) -> None:
        """Only where ``repeatable`` is declared."""
        with self.stage() as on:
            for _time in range(3):
                require(on.send(self.message()).verdict is Verdict.OUT, "a repeat was refused")

    @able("guarded")
    def test_guard_is_called_before_the_publishing_call(self) -> None:
        """Only where ``guarded`` is declared: a worker that died earlier sent nothing."""
        with self.stage() as on:
            calls: list[int] = []
            publisher = on.publisher(guard=lambda: calls.append(on.remote.count(Step.PUBLISH)))
            on.ask("send", lambda: publisher.send(self.message()))
            require(calls == [0], f"guard() was called {len(calls)} times, or too late")

    @able("guarded")
    def test_guard_can_stop_it(self) -> None:
        """Only where ``guarded`` is declared: “stop everything”, or a lost lease."""

        def stop() -> None:
            raise Temporary("Đang dừng tất cả.", code="stopped")

        with self.stage() as on:
            error = on.refusal("send", lambda: on.publisher(guard=stop).send(self.message()))
            require(error.code == "stopped", "what guard() raised was replaced")
            require(not on.remote.count(Step.PUBLISH), "guard() said no, and the call was made")

    # Reading back

    def test_find(self) -> None:
        """Ours, whole codes only, and all of them."""
        since = datetime.now(UTC) - timedelta(minutes=1)
        sealed = self.message()
        with self.stage() as on:
            if not on.capabilities.read_back:
                error = on.refusal("find", lambda: on.publisher().find(sealed, since))
                require(isinstance(error, LookupFailed), "find() cannot look, and must say LookupFailed")
                return
            for reference in (f"{sealed.reference}4", f"X{sealed.reference}", f"{sealed.reference}.2"):
                on.remote.keep(self.message(reference).text)
            absent = on.ask("find", lambda: on.publisher().find(sealed, since))
            require(absent is None, "found by a part of a longer code")
            older = on.remote.keep(sealed.text, since + timedelta(seconds=1))
            newer = on.remote.keep(sealed.text, since + timedelta(seconds=20))
            found = on.ask("find", lambda: on.publisher().find(sealed, since))
            require(found is not None, "ours stands there and was not found")
            require(found.remote_id == older.remote_id, "of two, the older one is ours")
            require(found.duplicates == (newer.remote_id,), "the second one was not told")

    @able("read_back")
    def test_failing_look(self, failure: str) -> None:
        """“It is not there” is a claim: a list that could not be read does not prove it."""
        since = datetime.now(UTC) - timedelta(minutes=1)
        with self.stage() as on:
            stands = on.remote.keep(self.message().text)
            on.remote.plan(failure, step=Step.LOOK, times=ALWAYS)
            found = on.attempt("find", lambda: on.publisher().find(self.message(), since))
            require(found is not None, "called absent, but the list could not be read")
            if isinstance(found, PublishError):
                require(isinstance(found, NOT_SEEN), f"find() raised {type(found).__name__}")
            else:
                require(isinstance(found, Receipt), "find() answered neither a Receipt nor None")
                require(found.remote_id == stands.remote_id, "find() found something else")

    @where(lambda contract: contract.adapter.capabilities.read_back and contract.receiver.lost)
    def test_reply_lost_and_looks_fail(self, failure: str) -> None:
        """It went out, the reply was lost, and then the first looks go wrong too."""
        with self.stage() as on:
            on.remote.plan(on.remote.lost)
            on.remote.plan(failure, step=Step.LOOK, times=2)
            outcome = on.send(self.message())
            require(outcome.verdict is not Verdict.AGAIN, "it stands there, and would be sent again")

    @able("listing")
    def test_listing(self, failure: str) -> None:
        """Only where ``listing`` is declared: an unreadable list is not an empty one."""
        since = datetime.now(UTC) - timedelta(minutes=1)
        with self.stage() as on:
            stands = on.remote.keep(self.message().text)
            whole = on.ask("shown", lambda: on.publisher().shown(since))
            seen = {item.remote_id: item.text for item in whole.items}
            require(seen.get(stands.remote_id) == stands.text, "shown() leaves out what stands there")
            on.remote.plan(failure, step=Step.LOOK, times=ALWAYS)
            answer = on.attempt("shown", lambda: on.publisher().shown(since))
            if isinstance(answer, PublishError):
                require(isinstance(answer, NOT_SEEN), f"shown() raised {type(answer).__name__}")
            else:
                require(answer.items, "shown() took an unreadable list for an empty one")

    # Changing

    @able("edit")
    def test_edit(self, failure: str) -> None:
        """Only where ``edit`` is declared: one item, old text or new, and the word is true."""
        with self.stage() as on:
            stands = on.ask("send", lambda: on.publisher().send(self.message()))
            changed = self.change(Operation.EDIT, Event.CORRECTION, stands.remote_id)
            on.remote.plan(failure)
            first = on.attempt("edit", lambda: on.publisher().edit(changed))
            self.changed(on, first, done=[item.text for item in on.items()] == [changed.text])
            on.remote.heal()
            for _time in range(2):
                on.ask("edit", lambda: on.publisher().edit(changed))
                texts = [item.text for item in on.items()]
                require(texts == [changed.text], f"after an edit there stands {texts!r}")

    @able("edit")
    def test_edit_of_a_post_that_is_gone(self) -> None:
        """Only where ``edit`` is declared: the dispatcher then does something else."""
        with self.stage() as on:
            stands = on.ask("send", lambda: on.publisher().send(self.message()))
            on.remote.remove(stands.remote_id)
            changed = self.change(Operation.EDIT, Event.CORRECTION, stands.remote_id)
            error = on.refusal("edit", lambda: on.publisher().edit(changed))
            told = isinstance(error, Rejected) and error.code == "post_gone"
            require(told, f"{type(error).__name__} ({error.code}) instead of Rejected (post_gone)")

    @able("delete")
    def test_delete(self, failure: str) -> None:
        """Only where ``delete`` is declared: gone already is a success."""
        with self.stage() as on:
            stands = on.ask("send", lambda: on.publisher().send(self.message()))
            withdrawn = self.change(Operation.DELETE, Event.WITHDRAWAL, stands.remote_id)
            on.remote.plan(failure)
            first = on.attempt("delete", lambda: on.publisher().delete(withdrawn))
            self.changed(on, first, done=not on.items())
            on.remote.heal()
            for _time in range(2):
                on.ask("delete", lambda: on.publisher().delete(withdrawn))
                require(not on.items(), "deleted, and it still stands there")

    # The connection check

    def test_check(self, failure: str) -> None:
        """It shows nothing to anybody, and fails as itself."""
        with self.stage() as on:
            identity = on.ask("check", lambda: on.publisher().check())
            require(isinstance(identity, ChannelIdentity), "check() answered no ChannelIdentity")
            require(identity.remote_id and identity.name, "check() does not say whom we speak as")
            on.remote.plan(failure, step=None, times=ALWAYS)
            answer = on.attempt("check", lambda: on.publisher().check())
            known = isinstance(answer, ChannelIdentity | PublishError)
            require(known, f"check() answered {type(answer).__name__}")
            if on.remote.definite.get(failure) is AuthExpired:
                told = isinstance(answer, AuthExpired)
                require(told, f"our access is dead, and check() says {type(answer).__name__}")
            require(
                not isinstance(answer, OutcomeUnknown), "check() publishes nothing, so nothing is unknown"
            )
            require(not on.items(), "check() made something visible")

    # Tools

    def _calls(self, on: Stage, remote_id: str) -> Iterator[tuple[str, Any]]:
        able_to, now = on.capabilities, datetime.now(UTC)
        edited = self.change(Operation.EDIT, Event.CORRECTION, remote_id)
        deleted = self.change(Operation.DELETE, Event.WITHDRAWAL, remote_id)
        yield "check", lambda: on.publisher().check()
        yield "send", lambda: on.publisher().send(self.message("CB-2026-00124"))
        if able_to.read_back:
            yield "find", lambda: on.publisher().find(self.message(), now)
        if able_to.listing:
            yield "shown", lambda: on.publisher().shown(now)
        if able_to.insights:
            yield "insights", lambda: on.publisher().insights(remote_id)
        if able_to.edit:
            yield "edit", lambda: on.publisher().edit(edited)
        if able_to.delete:
            yield "delete", lambda: on.publisher().delete(deleted)
