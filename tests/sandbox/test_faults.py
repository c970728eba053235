"""Faults on request: what the client gets, and what really happened."""

from __future__ import annotations

import json
import time

import pytest
import requests

from publishers.sandbox import world
from publishers.sandbox.faults import BadFault

PAGE = world.PROVINCE_PAGE.id
GROUP = world.PROVINCE_GROUP.id
LOST = (requests.ConnectionError, requests.Timeout)


def feed(graph, text="Bài"):
    return graph.post(f"{PAGE}/feed", message=text)


@pytest.mark.parametrize(
    ("code", "subcode", "status"),
    [(368, 1390008, 400), (190, 460, 401), (2, None, 500), (32, None, 403), (100, None, 400), (1, None, 500)],
)
def test_refuse_has_no_effect(graph, code, subcode, status):
    graph.sandbox.fault("refuse", operation="post_feed", code=code, subcode=subcode)
    reply = feed(graph)
    body = reply.json()["error"]
    assert (body["code"], body.get("error_subcode"), reply.status_code) == (code, subcode, status)
    assert graph.sandbox.posts(PAGE) == []
    assert feed(graph).status_code == 200


def test_effect_then_error_acts_once(graph):
    graph.sandbox.fault("effect_then_error", operation="post_feed")
    reply = feed(graph)
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, 2)
    assert reply.json()["error"]["is_transient"] is True
    [listed] = graph.get(f"{PAGE}/published_posts").json()["data"]
    assert listed["message"] == "Bài"


def test_effect_then_error_does_not_hide_a_real_refusal(graph):
    graph.sandbox.fault("effect_then_error", operation="post_feed")
    assert feed(graph, "").json()["error"]["code"] == 100


@pytest.mark.parametrize(("mode", "count"), [("effect_then_timeout", 1), ("timeout_no_effect", 0)])
@pytest.mark.parametrize("drop", [True, False])
def test_lost_replies(graph, mode, count, drop):
    graph.sandbox.fault(mode, operation="post_feed", drop=drop, seconds=0.3)
    with pytest.raises(LOST):
        feed(graph)
    assert len(graph.get(f"{PAGE}/published_posts").json()["data"]) == count


def test_a_held_socket_outlasts_the_clients_patience(graph):
    graph.sandbox.fault("effect_then_timeout", operation="post_feed", seconds=60)
    with pytest.raises(requests.Timeout):
        graph.http.post(
            f"{graph.sandbox.graph_url}v25.0/{PAGE}/feed",
            data={"message": "x", "access_token": graph.token},
            timeout=(5, 0.2),
        )
    assert len(graph.sandbox.posts(PAGE)) == 1


@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize("mode", ["html_502", "empty_200", "bad_json"])
def test_unreadable_replies(graph, zalo, mode, effect):
    graph.sandbox.fault(mode, effect=effect, times=2)
    replies = [
        feed(graph),
        zalo.post("v3.0/oa/group/message", json={"recipient": {"group_id": GROUP}, "message": {"text": "x"}}),
    ]
    for reply in replies:
        assert reply.status_code == (502 if mode == "html_502" else 200)
        with pytest.raises(ValueError):
            json.loads(reply.text)
    assert len(graph.sandbox.posts(PAGE)) == len(graph.sandbox.messages(GROUP)) == int(effect)


def test_slow_replies_arrive_in_the_end(graph):
    graph.sandbox.fault("slow", operation="post_feed", seconds=0.3, times=2)
    assert feed(graph).json()["id"] == graph.sandbox.posts(PAGE)[0]["id"]
    with pytest.raises(requests.Timeout):
        graph.http.post(
            f"{graph.sandbox.graph_url}v25.0/{PAGE}/feed",
            data={"message": "Bài nữa", "access_token": graph.token},
            timeout=(5, 0.1),
        )
    assert len(graph.sandbox.posts(PAGE)) == 2


def test_a_late_effect_comes_after_the_client_gave_up(graph):
    graph.sandbox.fault("slow", operation="post_feed", seconds=0.4, late=True)
    with pytest.raises(requests.Timeout):
        graph.http.post(
            f"{graph.sandbox.graph_url}v25.0/{PAGE}/feed",
            data={"message": "x", "access_token": graph.token},
            timeout=(5, 0.1),
        )
    assert graph.sandbox.posts(PAGE) == []
    for _ in range(100):
        if graph.sandbox.posts(PAGE):
            break
        time.sleep(0.05)
    assert len(graph.sandbox.posts(PAGE)) == 1


def test_delayed_visibility_hides_from_every_read_back(graph, zalo, clock):
    graph.sandbox.fault("delayed_visibility", seconds=30, times=2, method="POST")
    post_id = feed(graph).json()["id"]
    zalo.send({"text": "x"})
    assert graph.get(post_id).json()["error"]["error_subcode"] == 33
    assert graph.get(f"{PAGE}/published_posts").json() == {"data": []}
    assert zalo.conversation() == []
    assert len(graph.sandbox.posts(PAGE)) == 1
    clock.now += 30
    assert graph.get(post_id).json()["message"] == "Bài"
    assert len(zalo.conversation()) == 1


def test_a_lost_reply_can_be_invisible_for_a_while_too(graph, clock):
    graph.sandbox.fault("effect_then_timeout", operation="post_feed", drop=True, visible_after=60)
    with pytest.raises(LOST):
        feed(graph)
    assert graph.get(f"{PAGE}/published_posts").json() == {"data": []}
    clock.now += 60
    assert len(graph.get(f"{PAGE}/published_posts").json()["data"]) == 1


def test_facebooks_own_surprises_follow_a_real_effect(graph):
    seen = {}
    modes = (
        "usage_header_unknown_key",
        "usage_header_list",
        "no_content_type",
        "text_javascript",
        "body_true",
    )
    for number, mode in enumerate(modes):
        graph.sandbox.fault(mode, operation="post_feed")
        seen[mode] = feed(graph, f"Bài {number}")
    assert set(json.loads(seen["usage_header_unknown_key"].headers["X-App-Usage"])) - {
        "call_count",
        "total_time",
        "total_cputime",
    }
    assert isinstance(json.loads(seen["usage_header_list"].headers["X-App-Usage"]), list)
    assert "Content-Type" not in seen["no_content_type"].headers
    assert seen["text_javascript"].headers["Content-Type"].startswith("text/javascript")
    assert seen["body_true"].text == "true"
    assert len(graph.sandbox.posts(PAGE)) == len(modes)


@pytest.mark.parametrize(("mode", "count"), [("effect_then_error", 1), ("refuse", 0)])
def test_zalos_ambiguous_200(zalo, mode, count):
    zalo.sandbox.fault(mode, api="zalo", operation="send_group_message", code=-200)
    assert zalo.send({"text": "x"})["error"] == -200
    assert len(zalo.conversation()) == count


def test_zalo_error_as_string_once(zalo):
    zalo.sandbox.fault("error_as_string", operation="send_group_message")
    assert zalo.send({"text": "x"})["error"] == "0"
    assert zalo.send({"text": "y"})["error"] == 0


def test_a_lost_refresh_spends_the_token(zalo):
    zalo.sandbox.fault("effect_then_timeout", api="zalo_oauth", drop=True)
    with pytest.raises(LOST):
        zalo.refresh()
    assert zalo.refresh().content == b""
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -216


def test_faults_wait_for_the_nth_call_and_stop_after_times(graph):
    graph.sandbox.fault("refuse", path=f"/{PAGE}/feed$", method="POST", nth=2, times=2, code=2)
    codes = [feed(graph, f"Bài {number}").status_code for number in range(4)]
    assert codes == [200, 500, 500, 200]
    graph.sandbox.fault("refuse", api="graph", code=2, times=0)
    assert {feed(graph, f"Thêm {number}").status_code for number in range(5)} == {500}
    graph.sandbox.clear_faults()
    assert feed(graph, "Lại được").status_code == 200


def test_a_fault_left_to_chance_hits_the_same_calls_each_time(graph):
    def hits(seed):
        graph.sandbox.clear_faults()
        graph.sandbox.fault("refuse", operation="post_feed", code=2, times=0, chance=0.3, seed=seed)
        return [feed(graph, f"Bài {seed} {number}").status_code == 500 for number in range(20)]

    first = hits(1)
    assert 1 < sum(first) < 12
    assert hits(1) == first
    assert hits(2) != first


def test_a_refusal_says_how_long_to_wait(graph):
    graph.sandbox.fault("refuse", operation="post_feed", code=613, status=429, retry_after=7)
    reply = feed(graph)
    assert (reply.status_code, reply.headers["Retry-After"], reply.json()["error"]["code"]) == (429, "7", 613)
    assert "Retry-After" not in feed(graph).headers


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "nổ"},
        {"mode": "refuse", "api": "tiktok"},
        {"mode": "refuse", "path": "("},
        {"mode": "refuse", "nth": "2"},
        {"mode": "refuse", "nth": True},
        {"mode": "refuse", "chance": "0.5"},
        {"mode": "refuse", "seen": 3},
        {"mode": "refuse", "match": {"host": "x"}},
    ],
)
def test_a_wrong_fault_is_told(graph, wrong):
    with pytest.raises(BadFault):
        graph.sandbox.fault(**wrong)
    reply = graph.http.post(f"{graph.sandbox.base_url}/_ctl/fault", json=wrong, timeout=5)
    assert reply.status_code == 400
    assert graph.sandbox.state()["faults"] == []


@pytest.mark.parametrize("effect", [False, True])
@pytest.mark.parametrize(
    ("mode", "status", "header"),
    [("redirect", 307, "Location"), ("page_429", 429, "Retry-After"), ("empty_object", 200, "Content-Type")],
)
def test_something_else_answers(graph, mode, status, header, effect):
    graph.sandbox.fault(mode, operation="post_feed", effect=effect)
    reply = graph.http.post(
        f"{graph.sandbox.graph_url}v25.0/{PAGE}/feed",
        data={"message": "Bài", "access_token": world.PROVINCE_PAGE.access_token},
        allow_redirects=False,
        timeout=5,
    )
    assert reply.status_code == status
    assert header in reply.headers
    assert '"id"' not in reply.text
    assert len(graph.sandbox.posts(PAGE)) == int(effect)


def test_ids_that_are_none(graph, zalo):
    graph.sandbox.fault("wrong_id", operation="post_feed")
    assert feed(graph).json() == {"id": "../<b>?"}
    zalo.sandbox.fault("wrong_id", operation="send_group_message")
    assert zalo.send({"text": "x"})["data"]["message_id"] == "../<b>?"
    assert len(graph.sandbox.posts(PAGE)) == len(zalo.conversation()) == 1


def test_bodies_that_do_not_come_whole(graph):
    graph.sandbox.fault("half_body", operation="post_feed")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        feed(graph, "Một")
    graph.sandbox.fault("oversize", operation="post_feed")
    reply = feed(graph, "Hai")
    assert len(reply.content) > 6_000_000
    assert reply.json()["id"]
    graph.sandbox.fault("trickle", operation="post_feed")
    assert feed(graph, "Ba").json()["id"]
    assert len(graph.sandbox.posts(PAGE)) == 3


def test_a_wait_can_end_with_the_callers_patience(graph):
    """The effect comes only after the caller gave up, however long the fault would hold."""
    graph.sandbox.fault("slow", operation="post_feed", seconds=600, late=True, until_hangup=True)
    with pytest.raises(requests.Timeout):
        graph.http.post(
            f"{graph.sandbox.graph_url}v25.0/{PAGE}/feed",
            data={"message": "Bài", "access_token": world.PROVINCE_PAGE.access_token},
            timeout=0.3,
        )
    end = time.monotonic() + 20
    while not graph.sandbox.posts(PAGE) and time.monotonic() < end:
        time.sleep(0.01)
    assert len(graph.sandbox.posts(PAGE)) == 1
