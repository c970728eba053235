"""Wide inputs: whatever arrives, the sandbox answers in its own words and its pages stay inert."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishers.sandbox import world
from publishers.sandbox.graph_errors import GraphError
from publishers.sandbox.graph_fields import split_fields
from publishers.sandbox.markup import rich_message
from publishers.sandbox.server import Sandbox
from publishers.sandbox.wire import parse_multipart

PAGE = world.PROVINCE_PAGE.id
GROUP = world.PROVINCE_GROUP.id
PIECES = [
    "<",
    ">",
    '"',
    "'",
    "&",
    "http://",
    "https://x.example/",
    "[@",
    "]",
    GROUP,
    "\n",
    "\u202e",
    "ệ",
    "javascript:",
    "a",
]
GRAPH_PARAMS = [
    "message",
    "fields",
    "limit",
    "since",
    "after",
    "metric",
    "link",
    "url",
    "published",
    "input_token",
    "scheduled_publish_time",
    "attached_media",
    "attached_media[0]",
    "redirect",
    "appsecret_proof",
]
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
brief = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Tags(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


# How fast a loaded machine makes up texts says nothing about the product.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT)
def test_text_becomes_links_and_mentions_and_nothing_else(text):
    page = Tags()
    page.feed(rich_message(text, GROUP))
    page.close()
    for tag, attrs in page.found:
        assert tag in ("a", "span")
        assert set(attrs) <= {"href", "rel", "class"}
        if tag == "a":
            assert attrs["href"].lower().startswith(("http://", "https://"))
            assert "nofollow" in attrs["rel"]


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.binary(max_size=200), max_size=4))
def test_files_arrive_byte_for_byte(files):
    parts = {name: (f"{name};=.bin", data) for name, data in files.items()}
    request = requests.Request(
        "POST", "http://x/", files=parts or {"x": ("x", b"")}, data={"tin": "ệ\r\n--"}
    ).prepare()
    fields, found = parse_multipart(request.headers["Content-Type"], request.body)
    assert fields == {"tin": "ệ\r\n--"}
    assert {name: part.data for name, part in found.items()} == (files or {"x": b""})


@given(st.text(alphabet="ab,.{}()", max_size=30))
def test_fields_are_read_or_refused(text):
    try:
        names = split_fields(text)
    except GraphError as refusal:
        names = {}
        code = refusal.code
    else:
        code = 0
    assert code in (0, 2500)
    assert all(name.isidentifier() for name in names)


@pytest.fixture(scope="module")
def running():
    with Sandbox() as sandbox:
        yield sandbox


@brief
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    tail=st.sampled_from(["feed", "photos", "posts", "insights", "", "picture", "a/b"]),
    name=st.sampled_from([PAGE, "me", f"{PAGE}_1", "debug_token", "oauth", "0"]),
    params=st.dictionaries(
        st.sampled_from(GRAPH_PARAMS),
        TEXT | JSON.map(json.dumps),
        max_size=4,
    ),
)
def test_the_graph_door_always_answers_in_json(running, http, method, tail, name, params):
    url = f"{running.graph_url}v25.0/{name}/{tail}".rstrip("/")
    params["access_token"] = world.PROVINCE_PAGE.access_token
    where = {"data": params} if method == "POST" else {"params": params}
    reply = http.request(method, url, timeout=5, allow_redirects=False, **where)
    assert reply.status_code == 302 or isinstance(reply.json(), dict)


@brief
@given(body=JSON | st.fixed_dictionaries({"recipient": st.just({"group_id": GROUP}), "message": JSON}))
def test_the_zalo_door_always_answers_in_json(running, http, body):
    headers = {"access_token": world.ZALO_ACCESS_TOKEN}
    url = f"{running.zalo_openapi_url}/v3.0/oa/group/message"
    reply = http.post(url, json=body, headers=headers, timeout=5)
    assert (reply.status_code, type(reply.json()["error"])) == (200, int)


@brief
@given(
    body=JSON, name=st.sampled_from(["fault", "clock", "settings", "group", "token", "engagement", "nothing"])
)
def test_the_control_door_always_answers_in_json(running, http, body, name):
    reply = http.post(f"{running.base_url}/_ctl/{name}", json=body, timeout=5)
    assert reply.status_code in (200, 400, 404)
    assert set(reply.json()) in ({"ok"}, {"error"})
