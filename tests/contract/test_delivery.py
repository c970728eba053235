"""Every fault at every step: at most one remote item, and the local word equals the remote truth."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from publishers.contracts import OutcomeUnknown
from publishers.sandbox.faults import MODES
from publishers.sandbox.server import Sandbox
from tests.contract.driver import RIGS, VISIBLE_AFTER, Outcome, Rig, Verdict, deliver, message, send

Check = Callable[[BaseException], None]

# (mode, options): each mode as it is, and the broken replies also after the call took effect.
FAULTS = [(mode, {}) for mode in sorted(MODES)]
FAULTS += [(mode, {"effect": True}) for mode in ("html_502", "empty_200", "bad_json")]
FAULTS += [(mode, {"drop": True}) for mode in ("effect_then_timeout", "timeout_no_effect")]
FAULTS += [("slow", {"late": True}), ("slow", {"effect": False})]
FAULTS += [
    ("effect_then_error", {"visible_after": VISIBLE_AFTER}),
    ("effect_then_timeout", {"visible_after": VISIBLE_AFTER}),
]
FAULTS += [("html_502", {"effect": True, "visible_after": VISIBLE_AFTER})]


def _name(fault: tuple[str, dict[str, object]]) -> str:
    mode, options = fault
    return "-".join([mode, *(f"{key}={value}" for key, value in options.items())])


def assert_true(rig: Rig, outcome: Outcome) -> None:
    """The final verdict is the remote truth, or a person looks."""
    items = rig.items()
    assert len(items) <= 1
    if outcome.verdict is Verdict.PERSON:
        return
    assert (outcome.verdict is Verdict.OUT) == (len(items) == 1)
    if outcome.receipt is not None:
        assert outcome.receipt.remote_id == items[0]["id"]
        assert outcome.receipt.duplicates == ()


@pytest.mark.parametrize("fault", FAULTS, ids=_name)
@pytest.mark.parametrize("with_image", [False, True], ids=["text", "image"])
def test_fault_of_the_guarded_call(
    rig: Rig, jpeg: bytes, fault: tuple[str, dict[str, object]], with_image: bool, no_secrets: Check
) -> None:
    mode, options = fault
    sealed = message(image=jpeg if with_image else b"")
    rig.fault(mode, **options)
    outcome = send(rig, sealed)
    rig.settle()
    assert_true(rig, outcome)
    for error in outcome.errors:
        no_secrets(error)
    if outcome.verdict is Verdict.AGAIN:
        again = deliver(rig, sealed)
        assert again.verdict is Verdict.OUT
        assert len(rig.items()) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=_name)
def test_fault_of_the_upload(
    rig: Rig, jpeg: bytes, fault: tuple[str, dict[str, object]], no_secrets: Check
) -> None:
    mode, options = fault
    sealed = message(image=jpeg)
    rig.fault(mode, rig.upload, **options)
    outcome = send(rig, sealed)
    assert_true(rig, outcome)
    for error in outcome.errors:
        # Nothing of an upload is visible, so its outcome is never the unknown that needs a look.
        assert not isinstance(error, OutcomeUnknown)
        no_secrets(error)
    if outcome.verdict is Verdict.AGAIN:
        assert deliver(rig, sealed).verdict is Verdict.OUT
        assert len(rig.items()) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=_name)
def test_fault_of_the_link_never_turns_a_post_into_a_failure(
    rig: Rig, fault: tuple[str, dict[str, object]]
) -> None:
    mode, options = fault
    rig.fault(mode, rig.decorate, **options)
    outcome = send(rig, message())
    assert outcome.verdict is Verdict.OUT
    assert not outcome.errors
    assert_true(rig, outcome)
    assert rig.calls(rig.publish) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=_name)
@pytest.mark.parametrize("acted", [True, False], ids=["posted", "not-posted"])
def test_fault_of_the_read_back(
    rig: Rig, fault: tuple[str, dict[str, object]], acted: bool, no_secrets: Check
) -> None:
    """The reply to the post is lost, and then the first looks go wrong too."""
    mode, options = fault
    rig.fault("effect_then_timeout" if acted else "timeout_no_effect", drop=True)
    rig.fault(mode, rig.look, **{"times": 2, **options})
    outcome = send(rig, message())
    assert_true(rig, outcome)
    assert outcome.verdict is (Verdict.OUT if acted else Verdict.AGAIN)
    assert rig.calls(rig.publish) == 1
    for error in outcome.errors:
        no_secrets(error)


def test_a_read_back_that_never_works_leaves_it_to_a_person(rig: Rig) -> None:
    rig.fault("effect_then_timeout", drop=True)
    rig.fault("html_502", rig.look, times=0)
    outcome = send(rig, message())
    assert outcome.verdict is Verdict.PERSON
    assert rig.calls(rig.publish) == 1
    assert len(rig.items()) == 1


def test_a_post_hidden_at_first_is_found_later(rig: Rig) -> None:
    rig.fault("effect_then_timeout", drop=True, visible_after=VISIBLE_AFTER)
    outcome = send(rig, message())
    assert outcome.verdict is Verdict.OUT
    assert rig.calls(rig.look) > 1
    assert_true(rig, outcome)


@pytest.mark.parametrize("name", sorted(RIGS))
def test_text_and_picture_stand_in_one_item(name: str, sandbox: Sandbox, jpeg: bytes) -> None:
    rig = RIGS[name](sandbox)
    sealed = message(image=jpeg)
    outcome = send(rig, sealed)
    (item,) = rig.items()
    assert item["text" if name == "zalo" else "message"] == sealed.text
    assert item["file"] if name == "zalo" else item["photos"]
    assert outcome.receipt is not None
    assert outcome.receipt.url.startswith(sandbox.base_url)
    assert outcome.receipt.published_at is not None


@pytest.mark.parametrize("name", sorted(RIGS))
def test_what_was_read_back_equals_what_was_sent(name: str, sandbox: Sandbox) -> None:
    rig = RIGS[name](sandbox)
    rig.fault("effect_then_timeout", drop=True)
    outcome = send(rig, message())
    assert outcome.receipt is not None
    assert outcome.receipt.url.startswith(sandbox.base_url)
    assert outcome.receipt.published_at is not None
