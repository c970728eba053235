"""What the table of the contract (test_matrix.py) has no square for: read-backs that never work, one item, links."""

from __future__ import annotations

import pytest

from publishers.kit.dispatcher import Verdict, send
from publishers.kit.sample import message
from publishers.sandbox.server import Sandbox
from tests.contract.driver import RIGS, VISIBLE_AFTER, Rig


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
    assert outcome.receipt is not None
    assert [item["id"] for item in rig.items()] == [outcome.receipt.remote_id]


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
