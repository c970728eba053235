"""The partner keeps the contract it was given: signed, once, corrected, withdrawn, and failing on request."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
import requests

from publishers.sandbox import world
from publishers.sandbox.server import Sandbox

PARTNER = world.NEWSPAPER.id
KEY = world.NEWSPAPER.signing_key
ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)> javascript:alert(3)'


def signed(body: bytes, stamp: str, key: str = KEY) -> str:
    return "v1=" + hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@pytest.fixture
def hand_over(sandbox, http, clock):
    """Post one event as docs/webhook.md says."""

    def call(event="warning.published", key="CB-1-1", *, age=0, sign=KEY, headers=None, **content):
        values = {"version": 1, "event": event, "id": key, "replaces": "", "reference": "CB-2026-00001"}
        values |= {"title": "Tiêu đề", "text": "Nội dung", "link": "http://127.0.0.1/w", "note": ""} | content
        body = json.dumps(values, ensure_ascii=False).encode()
        stamp = str(int(clock.now) - age)
        given = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "X-Keng-Timestamp": stamp,
            "X-Keng-Signature": signed(body, stamp, sign),
        }
        return http.post(sandbox.partner_url(PARTNER), data=body, headers=given | (headers or {}), timeout=5)

    return call


def test_what_was_taken_stands_on_the_partners_page(sandbox, http, hand_over):
    answer = hand_over(title="Giả danh công an", text="Đừng chuyển tiền.\nGọi 113.")
    assert answer.status_code == 200
    page = http.get(f"{sandbox.base_url}/partner/{PARTNER}", timeout=5).text
    assert "Giả danh công an" in page
    assert "Gọi 113." in page
    single = http.get(answer.json()["url"], timeout=5)
    assert single.status_code == 200
    assert "Mã tin CB-2026-00001" in single.text


def test_the_same_key_is_taken_once_and_never_with_other_words(sandbox, hand_over):
    first, second = hand_over(), hand_over()
    assert first.json() == second.json()
    assert len(sandbox.partner_items(PARTNER)) == 1
    assert hand_over(text="khác").status_code == 422
    assert sandbox.partner_items(PARTNER)[0]["text"] == "Nội dung"


def test_a_correction_changes_the_item_and_a_withdrawal_takes_its_words_away(sandbox, http, hand_over):
    taken = hand_over(text="Bản sai").json()
    again = hand_over("warning.corrected", "CB-1-2", replaces=taken["id"], text="Bản đúng", note="Đã sửa số")
    assert again.json() == taken
    page = http.get(taken["url"], timeout=5).text
    assert "Đã đính chính" in page
    assert "Bản đúng" in page
    assert "Đã sửa số" in page
    assert "Bản sai" not in page
    hand_over("warning.withdrawn", "CB-1-3", replaces=taken["id"], note="Tin chưa chính xác")
    page = http.get(taken["url"], timeout=5).text
    assert "Đã gỡ" in page
    assert "Tin chưa chính xác" in page
    assert "Bản đúng" not in page
    (item,) = sandbox.partner_items(PARTNER)
    assert item["withdrawn"]


def test_a_correction_of_what_never_came_is_a_new_item_and_its_withdrawal_is_refused(sandbox, hand_over):
    assert hand_over("warning.corrected", replaces="bao-tinh-999").status_code == 200
    assert len(sandbox.partner_items(PARTNER)) == 1
    assert hand_over("warning.withdrawn", "CB-9", replaces="bao-tinh-999").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"sign": "another-key"},
        {"age": 301},
        {"age": -301},
        {"headers": {"X-Keng-Signature": ""}},
        {"headers": {"X-Keng-Timestamp": "soon"}},
        {"headers": {"X-Keng-Signature": "v1=" + "0" * 64 + ",v1=é"}},
    ],
    ids=["key", "old", "future", "none", "no time", "rubbish"],
)
def test_a_wrong_signature_is_refused_and_counted(values, sandbox, http, hand_over):
    if "headers" in values:
        values = {
            "headers": {name: value.encode() for name, value in values["headers"].items()},
        }
    assert hand_over(**values).status_code == 401
    assert not sandbox.partner_items(PARTNER)
    assert "1 lần bị từ chối" in http.get(f"{sandbox.base_url}/partner/{PARTNER}", timeout=5).text


def test_while_keys_change_either_signature_is_accepted(sandbox, http, clock):
    body = b'{"version":1,"event":"ping"}'
    stamp = str(int(clock.now))
    both = f"{signed(body, stamp, 'new-key')},{signed(body, stamp)}"
    headers = {"X-Keng-Timestamp": stamp, "X-Keng-Signature": both}
    assert http.post(sandbox.partner_url(PARTNER), data=body, headers=headers, timeout=5).json() == {}


def test_the_partner_enters_a_new_key(sandbox, http, hand_over):
    url = f"{sandbox.base_url}/_ctl/partner"
    body = {"partner_id": PARTNER, "signing_key": "a-fresh-signing-key"}
    assert http.post(url, json=body, timeout=5).status_code == 200
    assert hand_over().status_code == 401
    assert hand_over(sign="a-fresh-signing-key").status_code == 200
    for bad in ({"partner_id": "x", "signing_key": "a" * 20}, {"partner_id": PARTNER, "signing_key": "a"}):
        assert http.post(url, json=bad, timeout=5).status_code == 400
    assert "a-fresh-signing-key" not in http.get(f"{sandbox.base_url}/_ctl/state", timeout=5).text


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'"x"', b'{"version":2,"event":"ping"}', b'{"version":1,"event":"warning.eaten"}'],
)
def test_rubbish_is_a_definite_refusal(body, sandbox, http, clock):
    stamp = str(int(clock.now))
    headers = {"X-Keng-Timestamp": stamp, "X-Keng-Signature": signed(body, stamp), "Idempotency-Key": "k"}
    answer = http.post(sandbox.partner_url(PARTNER), data=body, headers=headers, timeout=5)
    assert answer.status_code == 400


def test_who_is_no_partner_takes_nothing(sandbox, http):
    for path in ("/partner/nobody/inbox", "/partner//inbox", "/partner/inbox"):
        assert http.post(f"{sandbox.base_url}{path}", data=b"{}", timeout=5).status_code == 404
    assert http.get(f"{sandbox.base_url}/partner/nobody", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("fault", "status", "kept"),
    [
        ({"mode": "refuse"}, 422, 0),
        ({"mode": "refuse", "status": 429, "retry_after": 7}, 429, 0),
        ({"mode": "effect_then_error"}, 500, 1),
        ({"mode": "html_502"}, 502, 0),
        ({"mode": "empty_200"}, 200, 0),
    ],
)
def test_it_fails_on_request(fault, status, kept, sandbox, hand_over):
    sandbox.fault(**fault, api="partner", operation="publish")
    answer = hand_over()
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == (
        str(fault["retry_after"]) if "retry_after" in fault else None
    )
    assert len(sandbox.partner_items(PARTNER)) == kept
    assert hand_over().status_code == 200
    assert len(sandbox.partner_items(PARTNER)) == 1


def test_a_lost_answer_is_a_lost_answer(sandbox, hand_over):
    sandbox.fault("effect_then_timeout", api="partner", drop=True)
    with pytest.raises(requests.ConnectionError):
        hand_over()
    assert len(sandbox.partner_items(PARTNER)) == 1


def test_hostile_words_stay_words(sandbox, http, hand_over):
    url = hand_over(
        title=ATTACK, text=ATTACK, note=ATTACK, link="javascript:alert(4)", reference=ATTACK
    ).json()["url"]
    page = http.get(url, timeout=5)
    assert "<script" not in page.text
    assert "<img src=x" not in page.text
    assert 'href="javascript' not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_items_and_keys_outlive_a_restart(tmp_path, http, clock):
    file = tmp_path / "state.json"
    body = json.dumps({"version": 1, "event": "warning.published", "title": "A", "text": "B"}).encode()
    stamp = str(int(clock.now))
    headers = {"X-Keng-Timestamp": stamp, "X-Keng-Signature": signed(body, stamp), "Idempotency-Key": "k"}
    ids = set()
    for _run in range(2):
        with Sandbox(state_file=file, clock=clock) as running:
            answer = http.post(running.partner_url(PARTNER), data=body, headers=headers, timeout=5)
            ids.add(answer.json()["id"])
            assert len(running.partner_items(PARTNER)) == 1
    assert len(ids) == 1


def test_a_state_from_before_there_were_partners_is_read(tmp_path, http, clock):
    file = tmp_path / "state.json"
    with Sandbox(state_file=file, clock=clock):
        pass
    old = json.loads(file.read_bytes())
    for name in ("partners", "partner_items", "taken", "mails"):
        del old[name]
    file.write_text(json.dumps(old), encoding="utf-8")
    with Sandbox(state_file=file, clock=clock) as running:
        assert http.get(f"{running.base_url}/partner/{PARTNER}", timeout=5).status_code == 200
    assert not file.with_suffix(".unreadable").exists()
