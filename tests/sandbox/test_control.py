"""The control API: looking in, turning the world, starting over; and never showing a secret."""

from __future__ import annotations

import base64

import pytest

from publishers.sandbox import world
from publishers.sandbox.control import BadControl

PAGE = world.PROVINCE_PAGE.id
GROUP = world.PROVINCE_GROUP.id


def ctl(sandbox, http, name, body=None, **kwargs):
    url = f"{sandbox.base_url}/_ctl/{name}"
    if body is None:
        return http.get(url, timeout=5, **kwargs)
    return http.post(url, json=body, timeout=5, **kwargs)


def test_state_shows_posts_messages_and_requests(sandbox, http, graph, zalo, picture):
    graph.post(f"{PAGE}/photos", files={"source": ("a.jpg", picture())}, message="Ảnh")
    zalo.send({"text": "Tin"})
    state = ctl(sandbox, http, "state").json()
    assert [post["message"] for post in state["pages"][PAGE]["posts"]] == ["Ảnh"]
    assert [row["text"] for row in state["groups"][GROUP]["messages"]] == ["Tin"]
    photo, text = state["requests"]
    assert (photo["api"], photo["operation"], photo["status"]) == ("graph", "post_photo", 200)
    assert photo["files"]["source"]["bytes"] == len(picture())
    assert photo["form"]["message"] == "Ảnh"
    assert text["json"]["message"] == {"text": "Tin"}


def test_no_secret_is_in_the_record(sandbox, http, graph, zalo):
    graph.get(PAGE, appsecret_proof="bằng-chứng-sai")
    graph.http.get(
        f"{sandbox.graph_url}{PAGE}", headers={"Authorization": f"Bearer {graph.token}"}, timeout=5
    )
    graph.http.post(f"{sandbox.graph_url}{PAGE}/feed", json={"access_token": graph.token}, timeout=5)
    pair = zalo.refresh().json()
    zalo.token = pair["access_token"]
    zalo.send({"text": "x"})
    text = ctl(sandbox, http, "state").text
    secrets = [graph.token, "bằng-chứng-sai", world.ZALO_SECRET_KEY, world.ZALO_ACCESS_TOKEN]
    secrets += [
        world.ZALO_REFRESH_TOKEN,
        pair["access_token"],
        pair["refresh_token"],
        world.FACEBOOK_APP_SECRET,
    ]
    for secret in secrets:
        assert secret not in text
        assert base64.b64encode(secret.encode()).decode() not in text


def test_reset_brings_the_seeded_world_back(sandbox, http, graph, zalo):
    graph.publish("x")
    zalo.send({"text": "x"})
    zalo.refresh()
    sandbox.fault("refuse")
    assert ctl(sandbox, http, "clock", {"shift": 500}).json() == {"ok": True}
    assert http.post(f"{sandbox.base_url}/_ctl/reset", timeout=5).status_code == 200
    state = sandbox.state()
    assert (state["clock_shift"], state["faults"], state["requests"]) == (0, [], [])
    assert sandbox.posts(PAGE) == sandbox.messages(GROUP) == []
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0


def test_tokens_alone_can_be_brought_back(sandbox, http, graph, zalo):
    graph.publish("x")
    zalo.refresh()
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -216
    assert ctl(sandbox, http, "reset", {"only": "tokens"}).json() == {"ok": True}
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0
    assert zalo.refresh().json()["expires_in"] == "90000"
    assert len(sandbox.posts(PAGE)) == 1


def test_the_clock_can_be_shifted(sandbox, http, zalo):
    ctl(sandbox, http, "clock", {"shift": 90_001})
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -220
    sandbox.shift_clock(-90_001)
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0


def test_faults_over_http(sandbox, http, graph):
    match = {"api": "graph", "operation": "post_feed"}
    body = [{"match": match, "mode": "refuse", "code": 2}, {"match": match, "mode": "empty_200", "nth": 2}]
    assert ctl(sandbox, http, "fault", body).json() == {"ok": True}
    assert graph.post(f"{PAGE}/feed", message="x").status_code == 500
    assert graph.post(f"{PAGE}/feed", message="x").content == b""
    assert [row["fired"] for row in ctl(sandbox, http, "fault").json()] == [1, 1]
    assert http.delete(f"{sandbox.base_url}/_ctl/fault", timeout=5).status_code == 200
    assert ctl(sandbox, http, "fault").json() == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("settings", {"bịa": 1}),
        ("settings", {"facebook_calls_per_hour": "9"}),
        ("settings", {"facebook_calls_per_hour": True}),
        ("group", {"group_id": "lạ"}),
        ("group", {"group_id": GROUP, "oa_member": "no"}),
        ("token", {"page": "lạ"}),
        ("token", {}),
        ("clock", {"shift": "mai"}),
        ("clock", []),
        ("reset", {"only": "posts"}),
        ("engagement", {"post_id": "lạ"}),
    ],
)
def test_a_wrong_control_call_changes_nothing(sandbox, http, name, body):
    before = sandbox.state()
    reply = ctl(sandbox, http, name, body)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert sandbox.state() == before


def test_the_python_door_tells_mistakes_too(sandbox):
    with pytest.raises(BadControl):
        sandbox.settings(khong_co=1)


def test_a_foreign_web_page_cannot_turn_the_world(sandbox, http, graph):
    graph.publish("x")
    headers = {"Origin": "http://evil.example"}
    assert ctl(sandbox, http, "reset", {}, headers=headers).status_code == 403
    assert len(sandbox.posts(PAGE)) == 1


def test_unknown_control_calls(sandbox, http):
    assert ctl(sandbox, http, "lạ").status_code == 404
    assert ctl(sandbox, http, "reset").status_code == 404
    assert http.post(f"{sandbox.base_url}/_ctl/fault", data=b"{", timeout=5).status_code == 400
