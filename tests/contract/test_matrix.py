"""Every cell of the table (matrix.py): at most one remote item, and the local word equals the remote truth.

Never *delivered* when it is absent, never *failed* (or *to be sent again*) when it stands there; the same of an
edit and of a deletion; a list or a figure that could not be read is neither empty nor zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from publishers import registry
from publishers.contracts import (
    AuthExpired,
    ChannelIdentity,
    Event,
    Listing,
    LookupFailed,
    Message,
    Mode,
    Operation,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Receipt,
)
from publishers.kit.dispatcher import Outcome, Verdict, deliver, send
from publishers.kit.rows import table
from publishers.kit.sample import message
from publishers.sandbox import faults as sandbox_faults
from publishers.sandbox.server import Sandbox
from tests.contract import test_kit
from tests.contract.driver import Rig, zalo_rig
from tests.contract.matrix import LINES, NEEDED, Cell, cells

Check = Callable[[BaseException], None]
NOT_SEEN: Final = (LookupFailed, RateLimited, AuthExpired)
FIGURES: Final = {"views": 40, "viewers": 30, "clicks": 20, "reactions": 10, "comments": 5, "shares": 2}
TABLE: Final = list(cells())


class World:
    """One cell at work."""

    def __init__(self, cell: Cell, sandbox: Sandbox, jpeg: bytes, no_secrets: Check) -> None:
        self.cell, self.sandbox, self.jpeg, self._no_secrets = cell, sandbox, jpeg, no_secrets
        self.rig: Rig = LINES[cell.kind].rig(sandbox)
        if cell.fault == "trickle":
            # Such a reply is awaited as long as both timeouts together.
            self.rig.endpoint = replace(self.rig.endpoint, connect_timeout=0.2)

    def sent(self, sealed: Message) -> Outcome:
        """One attempt whose end is true, and which comes to its end afterwards."""
        outcome = send(self.rig, sealed)
        self.rig.settle()
        self.judge(outcome)
        return outcome

    def judge(self, outcome: Outcome) -> None:
        """The final word is the remote truth, or a person looks."""
        for error in outcome.errors:
            self._no_secrets(error)
        items = self.rig.items()
        assert len(items) <= 1
        if outcome.verdict is Verdict.PERSON:
            return
        assert (outcome.verdict is Verdict.OUT) == (len(items) == 1)
        if outcome.receipt is not None:
            assert outcome.receipt.remote_id == items[0]["id"]
            assert outcome.receipt.duplicates == ()

    def goes_out(self, sealed: Message) -> None:
        """What was surely not out goes out in the end, once."""
        self.sandbox.clear_faults()
        assert deliver(self.rig, sealed).verdict is Verdict.OUT
        assert len(self.rig.items()) == 1

    def attempt(self, call: Callable[[], Any]) -> Any:
        """What ``call`` answers, or the PublishError it raises; anything else fails the test."""
        try:
            return call()
        except PublishError as error:
            self._no_secrets(error)
            return error


def run_send(at: World) -> None:
    at.cell.plan(at.rig)
    if at.sent(message()).verdict is Verdict.AGAIN:
        at.goes_out(message())


def run_send_picture(at: World) -> None:
    sealed = message(image=at.jpeg)
    at.cell.plan(at.rig)
    if at.sent(sealed).verdict is Verdict.AGAIN:
        at.goes_out(sealed)


def run_upload(at: World) -> None:
    sealed = message(image=at.jpeg)
    at.cell.plan(at.rig)
    outcome = at.sent(sealed)
    # Nothing of an upload is visible, so its outcome is never the unknown that needs a look.
    assert not any(isinstance(error, OutcomeUnknown) for error in outcome.errors)
    if outcome.verdict is Verdict.AGAIN:
        at.goes_out(sealed)


def run_link(at: World) -> None:
    """The post stands already: nothing turns it into a failure."""
    at.cell.plan(at.rig)
    outcome = at.sent(message())
    assert outcome.verdict is Verdict.OUT
    assert not outcome.errors
    assert at.rig.calls(at.rig.publish) == 1


def run_find_sent(at: World) -> None:
    """It went out, its reply was lost, and the first look goes wrong."""
    at.rig.fault("effect_then_timeout", drop=True)
    at.cell.plan(at.rig)
    outcome = at.sent(message())
    if not at.cell.fault.startswith("token_always"):
        assert outcome.verdict is Verdict.OUT
    assert at.rig.calls(at.rig.publish) == 1


def run_find_unsent(at: World) -> None:
    """It did not go out, nobody can know, and the first look goes wrong."""
    at.rig.fault("timeout_no_effect", drop=True)
    at.cell.plan(at.rig)
    outcome = at.sent(message())
    if not at.cell.fault.startswith("token_always"):
        assert outcome.verdict is Verdict.AGAIN
    assert at.rig.calls(at.rig.publish) == 1


def run_shown(at: World) -> None:
    """What the reconciler sees is all there is, or nothing at all."""
    since = datetime.now(UTC) - timedelta(minutes=1)
    stand = {at.rig.publisher().send(message(f"CB-2026-0000{n}")).remote_id for n in (1, 2)}
    at.cell.plan(at.rig)
    answer = at.attempt(lambda: at.rig.publisher().shown(since))
    if isinstance(answer, Listing):
        assert {item.remote_id for item in answer.items} == stand
    else:
        assert isinstance(answer, NOT_SEEN)
    at.sandbox.clear_faults()
    assert {item.remote_id for item in at.rig.publisher().shown(since).items} == stand


def _changed(at: World, operation: Operation, event: Event) -> Message:
    sent = at.rig.publisher().send(message())
    return replace(message("CB-2026-00123.2"), operation=operation, event=event, target_id=sent.remote_id)


def _word(answer: Receipt | PublishError, *, done: bool) -> None:
    """Not called done when nothing changed, not called failed when it did."""
    if isinstance(answer, Receipt):
        assert done
    elif not isinstance(answer, OutcomeUnknown):
        assert not done


def run_edit(at: World) -> None:
    changed = _changed(at, Operation.EDIT, Event.CORRECTION)
    at.cell.plan(at.rig)
    answer = at.attempt(lambda: at.rig.publisher().edit(changed))
    at.rig.settle()
    _word(answer, done=at.rig.texts() == [changed.text])
    at.sandbox.clear_faults()
    for _time in range(2):
        assert at.rig.publisher().edit(changed).remote_id == changed.target_id
        assert at.rig.texts() == [changed.text]


def run_find_edited(at: World) -> None:
    """An edit whose reply was lost is looked up at the post itself."""
    changed = _changed(at, Operation.EDIT, Event.CORRECTION)
    at.rig.fault("effect_then_timeout", "edit_post", drop=True)
    assert isinstance(at.attempt(lambda: at.rig.publisher().edit(changed)), OutcomeUnknown)
    at.cell.plan(at.rig)
    answer = at.attempt(lambda: at.rig.publisher().find(changed, datetime.now(UTC)))
    if isinstance(answer, Receipt):
        assert answer.remote_id == changed.target_id
    else:
        assert isinstance(answer, NOT_SEEN)
    at.sandbox.clear_faults()
    assert at.rig.publisher().find(changed, datetime.now(UTC)).remote_id == changed.target_id


def run_delete(at: World) -> None:
    withdrawn = _changed(at, Operation.DELETE, Event.WITHDRAWAL)
    at.cell.plan(at.rig)
    answer = at.attempt(lambda: at.rig.publisher().delete(withdrawn))
    at.rig.settle()
    _word(answer, done=not at.rig.items())
    at.sandbox.clear_faults()
    for _time in range(2):
        assert at.rig.publisher().delete(withdrawn).remote_id == withdrawn.target_id
        assert at.rig.items() == []


def run_insights(at: World) -> None:
    """The true figure or none; never a zero of our own."""
    post = at.rig.publisher().send(message()).remote_id
    at.sandbox.engagement(post, **FIGURES)
    at.cell.plan(at.rig)
    answer = at.attempt(lambda: at.rig.publisher().insights(post))
    if isinstance(answer, PublishError):
        assert isinstance(answer, NOT_SEEN)
    else:
        assert set(answer) == set(FIGURES)
        assert all(value in (None, FIGURES[metric]) for metric, value in answer.items())
    at.sandbox.clear_faults()
    assert at.rig.publisher().insights(post) == FIGURES


def run_check(at: World) -> None:
    """It shows nothing to anybody, and fails as itself."""
    true = at.rig.publisher().check()
    at.cell.plan(at.rig)
    answer = at.attempt(lambda: at.rig.publisher().check())
    if isinstance(answer, ChannelIdentity):
        assert (answer.remote_id, answer.name) == (true.remote_id, true.name)
    else:
        assert not isinstance(answer, OutcomeUnknown | LookupFailed)
    assert at.rig.items() == []


def run_renew(at: World) -> None:
    """The token ends, and its renewal goes wrong."""
    soon = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    at.rig.credentials = zalo_rig(at.sandbox, expires_at=soon).credentials
    at.cell.plan(at.rig)
    if at.sent(message()).verdict is Verdict.AGAIN:
        at.goes_out(message())


RUNS: Final[dict[str, Callable[[World], None]]] = {
    name.removeprefix("run_"): run for name, run in list(globals().items()) if name.startswith("run_")
}
RUNS["insights_counts"] = run_insights


@pytest.mark.parametrize("cell", TABLE, ids=str)
def test_cell(cell: Cell, sandbox: Sandbox, jpeg: bytes, no_secrets: Check) -> None:
    RUNS[cell.operation](World(cell, sandbox, jpeg, no_secrets))
    assert not any("elsewhere" in row["path"] for row in sandbox.requests()), "a redirect was followed"


def test_the_table_has_every_kind() -> None:
    """Ours that post by themselves over a network: in the table, or in the kit's rows."""
    local = {"portal", "feed"}
    by_itself = {kind for kind in registry.KINDS if registry.capabilities(kind).mode is Mode.AUTO}
    assert by_itself - local == {*LINES, *test_kit.ROWS}


def test_the_table_has_every_fault_of_the_sandbox() -> None:
    own = {"facebook_page": {"error_as_string"}, "zalo_group": sandbox_faults.GRAPH_ONLY}
    of_the_web = set(sandbox_faults.MODES) - sandbox_faults.SMTP_ONLY
    for kind, line in LINES.items():
        modes = {mode for mode, _options in line.faults.values()}
        assert modes == of_the_web - own[kind]
        # What looks the same to the caller comes with and without effect: a guess is wrong in one of the two.
        for mode in ("html_502", "page_429", "redirect", "empty_200", "bad_json", "empty_object", "slow"):
            acts = {
                sandbox_faults.Fault(mode, **options).acts
                for named, options in line.faults.values()
                if named == mode
            }
            assert acts == {True, False}, mode


def test_the_table_has_every_declared_operation() -> None:
    for kind, line in LINES.items():
        able = registry.capabilities(kind)
        declared = {
            name for capability, names in NEEDED.items() if getattr(able, capability) for name in names
        }
        undeclared = {name for names in NEEDED.values() for name in names} - declared
        assert declared | {"send", "link", "check"} <= set(line.calls)
        assert not undeclared & set(line.calls)
        assert set(line.calls) <= set(RUNS)


def test_the_table_is_whole() -> None:
    expected = {
        (kind, operation, fault)
        for kind, line in LINES.items()
        for operation in line.calls
        for fault in line.faults
    }
    assert {(cell.kind, cell.operation, cell.fault) for cell in TABLE} == expected
    assert len(TABLE) == len(expected)


KIT: Final = {
    "edit": ("test_edit",),
    "delete": ("test_delete",),
    "read_back": ("test_failing_look", "test_reply_lost_and_looks_fail"),
    "listing": ("test_listing",),
    "images": ("test_failure_with_a_picture",),
    "insights": ("test_failing_figures",),
    "recipients": ("test_failure_in_the_middle_of_a_list",),
}


@pytest.mark.parametrize("kind", sorted(test_kit.ROWS))
def test_the_rows_of_the_kit_are_whole(kind: str) -> None:
    """Those kinds meet every failure of their receiver, but for what they name as impossible."""
    contract = test_kit.ROWS[kind]
    able = registry.capabilities(kind)
    there = dict(table(contract))
    declared = [row for capability, rows in KIT.items() if getattr(able, capability) for row in rows]
    for row in ("test_one_failure", "test_lasting_failure", "test_check", *declared):
        assert set(there[row]) == set(contract.receiver.failures) - set(contract.exempt), row
