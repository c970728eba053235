"""What is Facebook's own: the library's traps, the proof, tokens, pictures, the connection check."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from publishers.adapters.facebook_page.adapter import FacebookPagePublisher
from publishers.adapters.facebook_page.graph import Graph, GraphFailure
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    Image,
    LengthUnit,
    Message,
    OutcomeUnknown,
    Rejected,
    Temporary,
)
from publishers.kit.credentials import MemoryCredentials
from publishers.kit.dispatcher import Verdict, send
from publishers.kit.sample import message
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from tests.contract.driver import Rig, facebook_rig

Check = Callable[[BaseException], None]


@pytest.fixture
def page(sandbox: Sandbox) -> Rig:
    return facebook_rig(sandbox)


@pytest.fixture
def signed_page(sandbox: Sandbox) -> Rig:
    return facebook_rig(sandbox, app_id=world.FACEBOOK_APP_ID, app_secret=world.FACEBOOK_APP_SECRET)


@pytest.mark.parametrize(
    "mode", ["usage_header_unknown_key", "usage_header_list", "no_content_type", "text_javascript"]
)
def test_trap_that_leaves_the_answer_readable_is_a_success(page: Rig, mode: str) -> None:
    page.fault(mode)
    receipt = page.publisher().send(message())
    assert receipt.remote_id == page.items()[0]["id"]


@pytest.mark.parametrize("mode", ["body_true", "html_502", "bad_json", "empty_200"])
def test_trap_that_hides_the_answer_is_an_unknown_outcome(page: Rig, mode: str, no_secrets: Check) -> None:
    page.fault(mode, effect=True)
    with pytest.raises(OutcomeUnknown) as caught:
        page.publisher().send(message())
    no_secrets(caught.value)
    assert len(page.items()) == 1


def test_the_same_text_again_is_looked_up_not_refused(page: Rig) -> None:
    first = page.publisher().send(message())
    outcome = send(page, message())
    assert outcome.verdict is Verdict.OUT
    assert outcome.receipt is not None
    assert outcome.receipt.remote_id == first.remote_id
    assert len(page.items()) == 1


def test_every_call_carries_the_proof_when_the_secret_is_known(signed_page: Rig, jpeg: bytes) -> None:
    signed_page.sandbox.settings(facebook_require_proof=True)
    signed_page.publisher().check()
    signed_page.publisher().send(message(image=jpeg))
    for row in signed_page.sandbox.requests():
        if row["operation"] != "debug_token":
            assert "appsecret_proof" in row["query"] | row.get("form", {})


def test_without_the_secret_a_page_that_demands_the_proof_is_told_apart(page: Rig) -> None:
    page.sandbox.settings(facebook_require_proof=True)
    with pytest.raises(AuthExpired):
        page.publisher().send(message())


def test_the_version_is_pinned_and_posts_carry_no_token_in_the_address(page: Rig, jpeg: bytes) -> None:
    page.publisher().send(message(image=jpeg))
    for row in page.sandbox.requests():
        assert row["path"].startswith("/graph/v25.0/")
        if row["method"] == "POST":
            assert row["query"] == {}


def test_link_without_picture_and_picture_without_link(page: Rig, jpeg: bytes) -> None:
    page.publisher().send(message("CB-2026-00001"))
    page.publisher().send(message("CB-2026-00002", image=jpeg))
    plain, pictured = (row["form"] for row in page.sandbox.requests("post_feed"))
    assert plain["link"] == "https://canhbao.example.vn/cb-2026-00001/"
    assert "attached_media" not in plain
    assert "link" not in pictured
    assert list(json.loads(pictured["attached_media"])[0]) == ["media_fbid"]
    assert page.sandbox.requests("post_photo")[0]["form"]["published"] == "false"


@pytest.mark.parametrize("subcode", [0, 458, 459, 460, 463, 464, 467, 492])
def test_a_dead_token_stops_before_anything_is_posted(page: Rig, subcode: int, jpeg: bytes) -> None:
    page.sandbox.token(page=page.remote_id, subcode=subcode)
    for image in (b"", jpeg):
        with pytest.raises(AuthExpired):
            page.publisher().send(message(image=image))
    with pytest.raises(AuthExpired):
        page.publisher().check()
    assert page.items() == []


def test_a_token_without_the_right_to_post(page: Rig) -> None:
    page.sandbox.token(page=page.remote_id, scopes=["pages_show_list"])
    with pytest.raises(AuthExpired) as caught:
        page.publisher().send(message())
    assert caught.value.code == "200"


@pytest.mark.parametrize("secrets", [{}, {"page_token": ""}, {"page_token": " "}, {"page_token": "đ\n"}])
def test_without_a_token_nothing_is_tried(page: Rig, secrets: dict[str, str]) -> None:
    publisher = FacebookPagePublisher(page.remote_id, page.endpoint, MemoryCredentials(secrets))
    with pytest.raises(AuthExpired):
        publisher.send(message())
    assert page.sandbox.requests() == []


def test_check_names_the_page(signed_page: Rig) -> None:
    identity = signed_page.publisher().check()
    assert identity.name == world.PROVINCE_PAGE.name
    assert identity.remote_id == world.PROVINCE_PAGE.id
    assert identity.url.startswith(signed_page.sandbox.base_url)
    assert identity.picture_url.startswith(signed_page.sandbox.base_url)


def test_check_says_until_when(signed_page: Rig) -> None:
    signed_page.sandbox.token(page=signed_page.remote_id, expires_in=86_400 * 40)
    assert signed_page.publisher().check().detail


def test_check_names_the_missing_permission(signed_page: Rig) -> None:
    signed_page.sandbox.token(page=signed_page.remote_id, scopes=["pages_show_list", "pages_read_engagement"])
    with pytest.raises(AuthExpired, match="pages_manage_posts") as caught:
        signed_page.publisher().check()
    assert "pages_read_engagement" not in caught.value.sentence


def test_check_survives_a_token_inspection_that_fails(signed_page: Rig) -> None:
    signed_page.fault("html_502", "debug_token")
    assert signed_page.publisher().check().name == world.PROVINCE_PAGE.name


def test_a_page_that_is_not_there(page: Rig) -> None:
    publisher = FacebookPagePublisher("999", page.endpoint, page.credentials)
    with pytest.raises(ChannelGone):
        publisher.send(message())
    with pytest.raises(ChannelGone):
        publisher.check()


def _with_images(*images: Image, text: str = "Mã: CB-2026-00123") -> Message:
    return Message("CB-2026-00123", "T", text, "", images)


def _image(read: Callable[[], bytes]) -> Image:
    return Image("ab" * 32, "image/jpeg", 1, 1, "", read)


def _changed() -> bytes:
    raise ValueError("other bytes")


def _unreadable() -> bytes:
    raise OSError("disk")


@pytest.mark.parametrize(
    ("sealed", "error"),
    [
        (_with_images(text=" \n"), Rejected),
        (_with_images(text="\ud800 CB-2026-00123"), Rejected),
        (_with_images(text="😀" * 2501), Rejected),
        (_with_images(_image(lambda: b"x" * 4_000_001)), Rejected),
        (_with_images(_image(lambda: b"x"), _image(lambda: b"x")), Rejected),
        (_with_images(_image(_changed)), Rejected),
        (_with_images(_image(_unreadable)), Temporary),
    ],
    ids=["empty", "broken", "too-long", "too-large", "two", "changed", "unreadable"],
)
def test_what_cannot_be_posted_is_refused_before_any_call(
    rig: Rig, sealed: Message, error: type[Exception]
) -> None:
    with pytest.raises(error):
        rig.publisher().send(sealed)
    assert rig.sandbox.requests() == []


def test_the_longest_text_goes_out_whole(page: Rig) -> None:
    text = "Mã: CB-2026-00123 " + "ế" * (5000 - 18)
    assert FacebookPagePublisher.capabilities.length_unit is LengthUnit.UTF16
    page.publisher().send(_with_images(text=text))
    assert page.items()[0]["message"] == text


def test_preparations_that_took_too_long_end_without_a_post(
    rig: Rig, jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was stopped after the upload must not post when it wakes: its lease may be gone."""
    clock = iter([0.0, 1_000_000.0])
    monkeypatch.setattr("publishers.adapters.transport.time.monotonic", lambda: next(clock, 1_000_000.0))
    with pytest.raises(Temporary) as caught:
        rig.publisher().send(message(image=jpeg))
    monkeypatch.undo()
    assert caught.value.code == "too_late"
    assert rig.calls(rig.publish) == 0


def test_the_dicts_handed_to_the_door_stay_as_they_were(page: Rig) -> None:
    data = {"message": "Mã: CB-2026-00123"}
    graph = Graph(page.endpoint, page.credentials.read())
    reply = graph.post(page.remote_id, "feed", data)
    assert data == {"message": "Mã: CB-2026-00123"}
    graph.delete(reply["id"])
    assert page.items() == []
    graph.close()


def test_failures_of_the_door_hold_no_secret(signed_page: Rig, no_secrets: Check) -> None:
    graph = Graph(signed_page.endpoint, signed_page.credentials.read())
    calls: list[Callable[[], Any]] = [
        lambda: graph.get("me", fields="id"),
        lambda: graph.delete("1_2"),
        lambda: graph.post("1", "feed", {"message": "x"}),
        graph.inspect_token,
    ]
    for mode in ("timeout_no_effect", "html_502", "refuse"):
        for call in calls:
            signed_page.sandbox.clear_faults()
            signed_page.sandbox.fault(mode, api="graph", seconds=0.5, drop=mode == "timeout_no_effect")
            with pytest.raises(GraphFailure) as caught:
                call()
            no_secrets(caught.value)
            assert world.PROVINCE_PAGE.access_token not in repr(vars(caught.value))
