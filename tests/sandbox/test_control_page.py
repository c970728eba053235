"""The control page: buttons that send Zalo's events and plan faults, for this page's own visitors only."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from publishers.kit import Receiver, Reply
from publishers.sandbox import control_page, strings, world
from publishers.sandbox.server import Sandbox

GROUP = world.PROVINCE_GROUP.id


class Cms(Receiver):
    """What the CMS would get."""

    def answer(self, request):
        return Reply()


@pytest.fixture
def cms():
    with Cms() as running:
        yield running


@pytest.fixture
def sandbox(cms, clock):
    with Sandbox(clock=clock, zalo_webhook_url=cms.url) as running:
        yield running


@pytest.fixture
def press(sandbox, http):
    """Press a button as a browser does; the text of the page that follows."""

    def call(do, **fields):
        answer = http.post(
            f"{sandbox.base_url}/control",
            data={"do": do, **fields},
            headers={"Origin": sandbox.base_url},
            timeout=5,
        )
        assert answer.status_code == 200
        assert answer.history[0].status_code == 303
        return answer.text

    return call


def sent(cms):
    """The last event, after its signature was checked."""
    request = cms.requests[-1]
    body = json.loads(request.body)
    words = world.ZALO_APP_ID.encode() + request.body + body["timestamp"].encode()
    wanted = hashlib.sha256(words + world.ZALO_WEBHOOK_KEY.encode()).hexdigest()
    assert request.headers["x-zevent-signature"] == f"mac={wanted}"
    return body


def test_every_button_of_the_page_works(sandbox, http, cms, zalo, press):
    zalo.send({"text": "Cảnh báo CB-2026-00001"})
    page = http.get(f"{sandbox.base_url}/control", timeout=5).text
    assert "<script" not in page
    for name in control_page.EVENTS:
        told = press("event", event=name, group_id=GROUP)
        assert "Phần mềm trả lời 200" in told, name
        assert sent(cms)["event_name"] == control_page.EVENTS[name][0]
    for name in control_page.FAULTS:
        assert strings.CONTROL_DONE["fault"] in press("fault", fault=name)
    assert len(sandbox.state()["faults"]) == len(control_page.FAULTS)
    assert set(strings.CONTROL_FAULT_BUTTONS) == set(control_page.FAULTS)
    press("clear")
    assert sandbox.state()["faults"] == []


def test_a_member_writes_and_the_account_is_put_out(sandbox, cms, press):
    press("event", event="message", group_id=GROUP)
    event = sent(cms)
    assert event["recipient"] == {"id": GROUP}
    assert event["sender"]["id"] == world.MEMBERS[0][0]
    assert event["message"]["text"]
    assert "OA không còn trong nhóm" in press("event", event="leave", group_id=GROUP)
    assert not sandbox.state()["groups"][GROUP]["oa_member"]
    assert "Khôi phục nhóm" in press("event", event="leave", group_id=GROUP)
    press("event", event="restore", group_id=GROUP)
    assert sandbox.state()["groups"][GROUP]["oa_member"]


def test_an_echo_tells_of_the_newest_message(cms, zalo, press):
    assert strings.CONTROL_DONE["no_echo"] in press("event", event="echo", group_id=GROUP)
    zalo.send({"text": "Một"})
    zalo.send({"text": "Hai CB-2026-00007"})
    press("event", event="echo", group_id=GROUP)
    assert sent(cms)["message"]["text"] == "Hai CB-2026-00007"


def test_the_control_api_sends_events_too(sandbox, http, cms):
    url = f"{sandbox.base_url}/_ctl/zalo_event"
    body = {"event": "user_send_group_text", "group_id": GROUP, "text": "Chào"}
    assert http.post(url, json=body, timeout=5).json() == {"ok": True, "status": 200}
    assert sent(cms)["message"]["text"] == "Chào"
    assert sandbox.zalo_event("delete_group", GROUP) == 200
    for bad in ({"event": "nothing", "group_id": GROUP}, {"event": "delete_group", "group_id": "x"}, [], 5):
        assert http.post(url, json=bad, timeout=5).status_code == 400


def test_the_sandbox_calls_this_machine_only(sandbox, http):
    body = {"event": "delete_group", "group_id": GROUP, "url": "http://203.0.113.9/webhooks/zalo/"}
    answer = http.post(f"{sandbox.base_url}/_ctl/zalo_event", json=body, timeout=5)
    assert answer.status_code == 400
    assert sandbox.requests("delete_group") == []


def test_a_cms_that_is_away_or_refuses_is_told_so(sandbox, http, cms, press):
    cms.plan("forbidden")
    assert "không chấp nhận sự kiện (403)" in press("event", event="message", group_id=GROUP)
    sandbox.remote.zalo_webhook_url = "http://127.0.0.1:9/"
    assert strings.CONTROL_DONE["event_silent"] in press("event", event="message", group_id=GROUP)
    sandbox.remote.zalo_webhook_url = ""
    assert strings.CONTROL_DONE["no_webhook"] in press("event", event="leave", group_id=GROUP)
    assert sandbox.state()["groups"][GROUP]["oa_member"]


@pytest.mark.parametrize("path", ["/control", "/_ctl/zalo_event"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_web_page_cannot_press_a_button(path, origin, sandbox, http):
    answer = http.post(
        f"{sandbox.base_url}{path}", data={"do": "clear"}, headers={"Origin": origin}, timeout=5
    )
    assert answer.status_code == 403


def test_localhost_is_the_same_page(sandbox, http):
    port = sandbox.base_url.rpartition(":")[2]
    headers = {"Origin": f"http://localhost:{port}", "Host": f"localhost:{port}"}
    url = f"{sandbox.base_url}/control"
    answer = http.post(url, data={"do": "clear"}, headers=headers, allow_redirects=False, timeout=5)
    assert answer.status_code == 303


def test_rubbish_is_said_to_be_rubbish_and_never_repeated(sandbox, http, press):
    for fields in (
        {"do": "x"},
        {"do": "fault", "fault": "x"},
        {"do": "event", "event": "leave", "group_id": "x"},
    ):
        assert strings.CONTROL_DONE["bad"] in press(**fields)
    text = http.get(f"{sandbox.base_url}/control?done=<b>&status=<b>", timeout=5).text
    assert "<b><b>" not in text
    assert not re.search(r'class="told"', text)


def test_a_partners_new_key_is_entered_on_the_page(sandbox, press):
    assert strings.CONTROL_DONE["key"] in press(
        "key", partner_id=world.NEWSPAPER.id, signing_key="fresh-key-0001"
    )
    assert sandbox.remote.state.partners[world.NEWSPAPER.id].signing_key == "fresh-key-0001"


def test_the_last_calls_are_listed(sandbox, http, zalo):
    zalo.send({"text": "Tin"})
    page = http.get(f"{sandbox.base_url}/control", timeout=5).text
    assert "gửi tin" in page
