"""Finding our own among others: whole references only, the oldest adopted, duplicates told."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from publishers.contracts import LookupFailed, RateLimited
from publishers.kit.parrot import Parrot
from publishers.kit.sample import message
from publishers.sandbox.server import Sandbox
from tests.contract.driver import RIGS, Rig


def _post(rig: Rig, reference: str, text: str = "") -> str:
    return str(rig.publisher().send(message(reference, text=text)).remote_id)


@pytest.mark.parametrize("other", ["CB-2026-00123.2", "CB-2026-001234", "XCB-2026-00123", "CB-2026-00123-A"])
def test_a_longer_reference_is_another_one(rig: Rig, other: str) -> None:
    since = datetime.now(UTC)
    _post(rig, other)
    assert rig.publisher().find(message("CB-2026-00123"), since) is None
    own = _post(rig, "CB-2026-00123")
    found = rig.publisher().find(message("CB-2026-00123"), since)
    assert (found.remote_id, found.duplicates) == (own, ())


def test_the_correction_is_found_beside_its_original(rig: Rig) -> None:
    since = datetime.now(UTC)
    _post(rig, "CB-2026-00123")
    second = _post(rig, "CB-2026-00123.2")
    found = rig.publisher().find(message("CB-2026-00123.2"), since)
    assert (found.remote_id, found.duplicates) == (second, ())


@pytest.mark.parametrize("seconds", [0, 2], ids=["same-second", "apart"])
def test_the_oldest_is_adopted_and_the_others_are_told(rig: Rig, seconds: int) -> None:
    since = datetime.now(UTC)
    rig.sandbox.settings(facebook_duplicate_guard=False)
    ids = []
    for _ in range(3):
        ids.append(_post(rig, "CB-2026-00123"))
        rig.sandbox.shift_clock(seconds)
    found = rig.publisher().find(message(), since)
    assert found.remote_id == ids[0]
    assert sorted(found.duplicates) == sorted(ids[1:])


def test_other_posts_and_other_forms_of_white_space_do_not_hide_it(rig: Rig) -> None:
    since = datetime.now(UTC)
    own = _post(
        rig, "CB-2026-00123", unicodedata.normalize("NFD", "Cảnh báo giả danh.\r\n\r\nMã: CB-2026-00123.")
    )
    for number in range(60):
        _post(rig, f"CB-2026-01{number:03}")
    found = rig.publisher().find(message(), since)
    assert found.remote_id == own


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_wrong_clock_does_not_hide_it(rig: Rig, hours: int) -> None:
    own = _post(rig, "CB-2026-00123")
    found = rig.publisher().find(message(), datetime.now(UTC) + timedelta(hours=hours))
    assert found.remote_id == own


def test_reading_stops_at_what_is_much_older(rig: Rig) -> None:
    for number in range(25):
        _post(rig, f"CB-2026-01{number:03}")
    rig.sandbox.shift_clock(86_400)
    assert rig.publisher().find(message(), datetime.now(UTC) + timedelta(days=1)) is None
    assert rig.calls(rig.look) == 1


def test_a_list_that_never_ends_is_not_called_absence(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    since = datetime.now(UTC)
    own = _post(rig, "CB-2026-00123")
    for number in range(6):
        _post(rig, f"CB-2026-01{number:03}")
    # The bounds are the adapter's own constants; smaller ones make the test short.
    module = __import__(rig.adapter.__module__, fromlist=["PAGE_SIZE"])
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    monkeypatch.setattr(module, "MAX_PAGES", 2)
    with pytest.raises(LookupFailed):
        rig.publisher().find(message(), since)
    monkeypatch.setattr(module, "MAX_PAGES", 5)
    assert rig.publisher().find(message(), since).remote_id == own


def test_ours_found_before_the_list_breaks_is_still_ours(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    since = datetime.now(UTC)
    for number in range(3):
        _post(rig, f"CB-2026-01{number:03}")
    own = _post(rig, "CB-2026-00123")
    module = __import__(rig.adapter.__module__, fromlist=["PAGE_SIZE"])
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    rig.fault("html_502", rig.look, nth=2)
    assert rig.publisher().find(message(), since).remote_id == own


@pytest.mark.parametrize(("reference", "text"), [("", "Cảnh báo"), ("CB-2026-00123", "Không có mã")])
def test_a_text_without_its_reference_cannot_be_looked_up(rig: Rig, reference: str, text: str) -> None:
    with pytest.raises(LookupFailed):
        rig.publisher().find(message(reference, text=text), datetime.now(UTC))
    assert rig.calls(rig.look) == 0


def test_throttled_reading_says_so(rig: Rig) -> None:
    rig.fault("refuse", rig.look, code=4 if rig.api == "graph" else -32, status=400)
    with pytest.raises(RateLimited):
        rig.publisher().find(message(), datetime.now(UTC))


def test_the_next_address_of_a_list_is_never_called(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = RIGS["facebook"](sandbox)
    since = datetime.now(UTC)
    for number in range(5):
        _post(rig, f"CB-2026-01{number:03}")
    module = __import__(rig.adapter.__module__, fromlist=["PAGE_SIZE"])
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    assert rig.publisher().find(message(), since) is None
    queries: list[dict[str, Any]] = [row["query"] for row in sandbox.requests(rig.look)]
    assert ["after" in query for query in queries] == [False, True, True]


def _row(**changes: Any) -> dict[str, Any]:
    return {
        "src": 0,
        "time": 1_795_000_000_000,
        "type": "text",
        "message": "Mã: CB-2026-00123",
        "message_id": "m1",
    } | changes


def _conversation(sandbox: Sandbox, parrot: Parrot, *rows: dict[str, Any]) -> Any:
    parrot.body = json.dumps({"error": 0, "message": "Success", "data": list(rows)}).encode()
    since = datetime.fromtimestamp(1_795_000_000, UTC)
    return RIGS["zalo"](sandbox).publisher(base_url=parrot.url).find(message(), since)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"src": "0"},
        {"time": "1795000000000"},
        {"time": None},
        {"message": "", "description": "Mã: CB-2026-00123"},
        {"message": None, "text": "Cảnh báo. CB-2026-00123."},
        {"type": "photo", "thumb": "x"},
    ],
)
def test_forms_of_our_own_message(sandbox: Sandbox, parrot: Parrot, changes: dict[str, Any]) -> None:
    assert _conversation(sandbox, parrot, _row(**changes)).remote_id == "m1"


def test_a_member_who_quotes_the_reference_is_not_us(sandbox: Sandbox, parrot: Parrot) -> None:
    quoted = _row(src=1, message_id="m2")
    found = _conversation(sandbox, parrot, quoted, _row(), _row(src="1", message_id="m3"))
    assert (found.remote_id, found.duplicates) == ("m1", ())
    with pytest.raises(LookupFailed):
        # Every page is the same one: what lies behind it cannot be seen.
        _conversation(sandbox, parrot, quoted)
    assert parrot.seen.count("GET /v3.0/oa/group/conversation") == 4


@pytest.mark.parametrize("row", [None, 1, "x", {}, {"message_id": ""}, {"message_id": {"a": 1}}])
def test_a_row_that_cannot_be_read_is_not_passed_over(sandbox: Sandbox, parrot: Parrot, row: Any) -> None:
    with pytest.raises(LookupFailed):
        _conversation(sandbox, parrot, row)


def test_what_a_hostile_list_says_stays_plain(sandbox: Sandbox, parrot: Parrot) -> None:
    row = {
        "id": "1_2",
        "message": "Mã: CB-2026-00123",
        "created_time": "soon",
        "permalink_url": "javascript:alert(1)",
    }
    parrot.body = json.dumps({"data": [row]}).encode()
    found = RIGS["facebook"](sandbox).publisher(base_url=parrot.url).find(message(), datetime.now(UTC))
    assert (found.remote_id, found.url, found.published_at) == ("1_2", "", None)


def test_a_connection_check_shows_only_plain_text_and_web_addresses(sandbox: Sandbox, parrot: Parrot) -> None:
    page = {
        "id": "1",
        "name": "Công an\ntỉnh\u202e" + "x" * 900,
        "link": "data:text/html,x",
        "picture": {"data": {"url": 'https://a.example/x.png"onload='}},
    }
    parrot.body = json.dumps(page).encode()
    identity = RIGS["facebook"](sandbox).publisher(base_url=parrot.url).check()
    assert identity.name.startswith("Công an tỉnh x")
    assert len(identity.name) == 200
    assert (identity.url, identity.picture_url) == ("", "")
