"""The Zalo OA API and its token endpoint, rule by rule, over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest

from publishers.sandbox import world

GROUP = world.PROVINCE_GROUP.id
DAY = 86_400
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
BACK = "http://127.0.0.1:9/zalo/ket-noi/?x=1"


def image_message(handle, text=None):
    element = {"media_type": "image", "attachment_id": handle}
    payload = {"template_type": "media", "elements": [element]}
    message = {"attachment": {"type": "template", "payload": payload}}
    return message if text is None else {"text": text, **message}


def test_a_text_message_is_in_the_conversation(zalo):
    text = "Cảnh báo!\nĐừng cài ứng dụng lạ. Mã: CB-2026-00001"
    reply = zalo.send({"text": text})
    assert (reply["error"], reply["message"]) == (0, "Success")
    assert reply["data"]["group_id"] == GROUP
    [item] = zalo.conversation()
    assert item["message"] == text
    assert item["message_id"] == reply["data"]["message_id"]
    assert (item["src"], item["type"], item["from_id"]) == (0, "text", world.ZALO_OA_ID)
    assert item["time"] == 1_795_000_000_000


def test_an_image_with_caption(zalo, picture):
    data = picture("PNG")
    handle = zalo.upload("image", "ảnh.png", data)["data"]["attachment_id"]
    assert zalo.send(image_message(handle, "Chú thích"))["error"] == 0
    [item] = zalo.conversation()
    assert (item["type"], item["message"]) == ("photo", "Chú thích")
    served = zalo.http.get(item["url"], timeout=5)
    assert (served.headers["Content-Type"], served.content) == ("image/png", data)


def test_a_gif_and_a_file(zalo, picture):
    handle = zalo.upload("gif", "a.gif", picture("GIF"))["data"]["attachment_id"]
    element = {"media_type": "gif", "attachment_id": handle, "width": 60, "height": 40}
    payload = {"template_type": "media", "elements": [element]}
    assert zalo.send({"attachment": {"type": "template", "payload": payload}})["error"] == 0
    token = zalo.upload("file", "a.pdf", b"%PDF-1.7 x")["data"]["token"]
    assert zalo.send({"attachment": {"type": "file", "payload": {"token": token}}})["error"] == 0
    assert [row["kind"] for row in zalo.sandbox.messages(GROUP)] == ["file", "gif"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": ""}, -201),
        ({"text": " \n"}, -201),
        ({}, -201),
        ({"text": 5}, -201),
        ({"text": "x" * 2001}, -210),
        ({"text": "x", "type": "image"}, -201),
        ({"attachment": {"type": "image", "payload": {"url": "http://127.0.0.1/a.jpg"}}}, -201),
        (image_message("không-có"), -100),
        (image_message(None), -201),
        ({"attachment": {"type": "template", "payload": {"template_type": "media", "elements": []}}}, -201),
        ({"attachment": {"type": "file", "payload": {"token": "không-có"}}}, -100),
        ({"attachment": "x"}, -201),
    ],
)
def test_wrong_messages_are_refused_with_http_200(zalo, message, code):
    assert zalo.send(message)["error"] == code
    assert zalo.sandbox.messages(GROUP) == []


def test_text_is_counted_in_composed_characters(zalo):
    assert zalo.send({"text": "ệ" * 2000})["error"] == 0
    assert zalo.send({"text": "e\u0323\u0302" * 2000})["error"] == 0


def test_handles_live_seven_days(zalo, clock, picture):
    handle = zalo.upload("image", "a.jpg", picture())["data"]["attachment_id"]
    clock.now += 7 * DAY
    zalo.token = zalo.refresh().json()["access_token"]
    assert zalo.send(image_message(handle))["error"] == 0
    clock.now += 1
    assert zalo.send(image_message(handle))["error"] == -100


def test_uploads_are_limited(zalo, picture):
    small = picture()
    at_limit = small + b"\0" * (1_000_000 - len(small))
    assert zalo.upload("image", "a.jpg", at_limit)["error"] == 0
    assert zalo.upload("image", "a.jpg", at_limit + b"\0")["error"] == -210
    assert zalo.upload("image", "a.gif", picture("GIF"))["error"] == -201
    assert zalo.upload("gif", "a.jpg", small)["error"] == -201
    assert zalo.upload("image", "a.jpg", "không phải ảnh".encode())["error"] == -201
    assert zalo.upload("file", "a.exe", b"MZ")["error"] == -201
    assert zalo.upload("file", "a.pdf", b"MZ")["error"] == -201
    assert zalo.post("v2.0/oa/upload/image", data={"file": "x"}).json()["error"] == -201


@pytest.mark.parametrize("group", [4300000000000000001, None, "", ["x"]])
def test_a_group_id_is_a_string(zalo, group):
    body = {"recipient": {"group_id": group}, "message": {"text": "x"}}
    assert zalo.post("v3.0/oa/group/message", json=body).json()["error"] == -201


def test_groups_that_cannot_be_sent_to(zalo):
    assert zalo.send({"text": "x"}, group="khong-co")["error"] == -403
    zalo.sandbox.group(GROUP, status="disabled")
    assert zalo.send({"text": "x"})["error"] == -237
    zalo.sandbox.group(GROUP, status="enabled", oa_member=False)
    assert zalo.send({"text": "x"})["error"] == -403
    assert zalo.sandbox.messages(GROUP) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"recipient": 1, "message": 2}', b'{"x": "\\ud800"}'])
def test_a_body_that_is_no_message_is_refused(zalo, body):
    assert zalo.post("v3.0/oa/group/message", data=body).json()["error"] == -201


def test_mention_tokens_ping(zalo):
    zalo.send({"text": f"Xin chào [@{world.MEMBERS[0][0]}]"})
    assert not zalo.sandbox.state()["pinged_all"]
    zalo.send({"text": f"Bà con chú ý [@{GROUP}]"})
    zalo.send({"text": f"Không gọi ai: [ @{GROUP}] [＠{GROUP}]"})
    rows = zalo.sandbox.messages(GROUP)
    assert [(row["pinged"], row["pinged_all"]) for row in rows] == [
        ([], False),
        ([], True),
        ([world.MEMBERS[0][0]], False),
    ]
    assert zalo.sandbox.state()["pinged_all"]


def test_the_conversation_is_newest_first_and_paged(zalo, clock):
    for number in range(4):
        zalo.send({"text": f"Tin {number}"})
        clock.now += 1
    get = zalo.get("v3.0/oa/group/conversation", group_id=GROUP, offset=1, count=2).json()
    assert [item["message"] for item in get["data"]] == ["Tin 2", "Tin 1"]
    assert zalo.get("v3.0/oa/group/conversation", group_id=GROUP, count=51).json()["error"] == -210
    assert zalo.get("v3.0/oa/group/conversation", group_id=GROUP, count="x").json()["error"] == -201
    assert zalo.get("v3.0/oa/group/conversation").json()["error"] == -201


def test_groups_members_quota_and_account(zalo):
    data = zalo.get("v3.0/oa/group/getgroupsofoa", offset=0, count=50).json()["data"]
    assert data["total"] == 2
    assert [row["group_id"] for row in data["groups"]] == [group.id for group in world.GROUPS]
    assert data["groups"][0]["status"] == "enabled"
    page = zalo.get("v3.0/oa/group/getgroupsofoa", offset=1, count=1).json()["data"]["groups"]
    assert [row["group_id"] for row in page] == [world.WARD_GROUP.id]
    detail = zalo.get("v3.0/oa/group/getgroup", group_id=GROUP).json()["data"]
    assert set(detail) == {"group_info", "asset_info", "group_setting"}
    assert detail["group_info"]["name"] == world.PROVINCE_GROUP.name
    members = zalo.get("v3.0/oa/group/listmember", group_id=GROUP, offset=0, count=5).json()["data"]
    assert members["total"] == len(members["members"]) == 4
    ask = {"quota_owner": "OA", "product_type": "gmf100", "quota_type": "sub_quota"}
    assert {row["used_id"] for row in zalo.post("v3.0/oa/quota/group", json=ask).json()["data"]} == {
        group.id for group in world.GROUPS
    }
    oa = zalo.get("v2.0/oa/getoa").json()["data"]
    assert (oa["oaid"], oa["oa_type"], oa["is_verified"]) == (world.ZALO_OA_ID, 4, True)
    assert zalo.http.get(oa["avatar"], timeout=5).headers["Content-Type"] == "image/png"
    assert zalo.get("v3.0/oa/group/listgroup").status_code == 404


def test_access_tokens_are_wrong_dead_or_expired(zalo, clock):
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0
    clock.now += 90_001
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -220
    zalo.token = "lạ".encode().decode("latin-1")
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -216
    url = f"{zalo.sandbox.zalo_openapi_url}/v2.0/oa/getoa"
    bearer = {"Authorization": f"Bearer {world.ZALO_ACCESS_TOKEN}"}
    assert zalo.http.get(url, headers=bearer, timeout=5).json()["error"] == -216


def test_a_proof_is_demanded_when_set(zalo):
    zalo.sandbox.settings(zalo_require_proof=True)
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -242
    proof = hmac.new(world.ZALO_SECRET_KEY.encode(), zalo.token.encode(), "sha256").hexdigest()
    zalo.extra = {"appsecret_proof": proof}
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0


def test_the_rate_limit_counts_down_and_starts_anew(zalo, clock):
    zalo.sandbox.settings(zalo_calls_per_minute=2)
    first = zalo.get("v2.0/oa/getoa")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remain"]) == ("2", "1")
    zalo.get("v2.0/oa/getoa")
    over = zalo.send({"text": "x"})
    assert over["error"] == -32
    assert zalo.sandbox.messages(GROUP) == []
    clock.now += 60
    assert zalo.send({"text": "x"})["error"] == 0


def test_errors_may_be_strings(zalo):
    zalo.sandbox.settings(zalo_error_as_string=True)
    assert zalo.send({"text": "x"})["error"] == "0"
    assert zalo.send({"text": ""})["error"] == "-201"


def test_a_refresh_rotates_the_pair_and_kills_the_old_access_token(zalo):
    reply = zalo.refresh()
    pair = reply.json()
    assert pair["expires_in"] == "90000"
    assert zalo.get("v2.0/oa/getoa").json()["error"] == -216
    zalo.token = pair["access_token"]
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0
    spent = zalo.refresh()
    assert (spent.status_code, spent.content) == (200, b"")
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0
    assert zalo.refresh(pair["refresh_token"]).json()["access_token"] != pair["access_token"]


def test_of_concurrent_refreshes_exactly_one_wins(zalo):
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: zalo.refresh().content, range(6)))
    assert sorted(bool(reply) for reply in replies) == [False] * 5 + [True]


def test_the_token_endpoint_refuses(zalo, clock):
    def code(reply):
        assert reply.status_code == 200
        assert {"error_name", "error_reason", "error_description", "ref_doc"} <= set(reply.json())
        return reply.json()["error"]

    assert code(zalo.refresh("lạ")) == -14014
    assert code(zalo.oauth(secret="sai", grant_type="refresh_token")) == -14004
    assert code(zalo.oauth(app_id="1", grant_type="refresh_token")) == -14002
    assert code(zalo.oauth(grant_type="authorization_code", code="x", code_verifier=VERIFIER)) == -14012
    url = f"{zalo.sandbox.zalo_oauth_url}/v4/oa/access_token"
    body = {"app_id": world.ZALO_APP_ID, "grant_type": "refresh_token"}
    headers = {"secret_key": world.ZALO_SECRET_KEY}
    assert code(zalo.http.post(url, json=body, headers=headers, timeout=5)) == -14002
    zalo.sandbox.settings(zalo_oauth_error_as_string=True)
    assert code(zalo.refresh("lạ")) == "-14014"
    zalo.sandbox.settings(zalo_oauth_error_as_string=False)
    clock.now += 90 * DAY
    assert code(zalo.refresh()) == -14014


def consent(zalo, **params):
    url = f"{zalo.sandbox.zalo_oauth_url}/v4/oa/permission"
    asked = {
        "app_id": world.ZALO_APP_ID,
        "redirect_uri": BACK,
        "code_challenge": CHALLENGE,
        "state": "s&1",
        **params,
    }
    page = zalo.http.get(url, params=asked, timeout=5)
    return page, zalo.http.post(url, data=asked, timeout=5, allow_redirects=False)


def test_consent_gives_a_code_that_works_once_with_its_verifier(zalo):
    page, granted = consent(zalo)
    assert "Cho phép" in page.text
    assert "form-action 'self' http://127.0.0.1:9" in page.headers["Content-Security-Policy"]
    assert granted.status_code == 302
    answer = parse_qs(urlsplit(granted.headers["Location"]).query)
    assert (answer["oa_id"], answer["state"], answer["x"]) == ([world.ZALO_OA_ID], ["s&1"], ["1"])
    form = {"grant_type": "authorization_code", "code": answer["code"][0], "code_verifier": VERIFIER}
    zalo.token = zalo.oauth(**form).json()["access_token"]
    assert zalo.get("v2.0/oa/getoa").json()["error"] == 0
    assert zalo.oauth(**form).json()["error"] == -14012


@pytest.mark.parametrize(("verifier", "wait"), [("w" * 43, 0), ("v" * 42, 0), (VERIFIER, 600)])
def test_codes_need_the_right_verifier_within_ten_minutes(zalo, clock, verifier, wait):
    _, granted = consent(zalo)
    code = parse_qs(urlsplit(granted.headers["Location"]).query)["code"][0]
    clock.now += wait
    reply = zalo.oauth(grant_type="authorization_code", code=code, code_verifier=verifier)
    assert reply.json()["error"] == -14012


@pytest.mark.parametrize(
    "wrong",
    [
        {"app_id": "1"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1:x/"},
        {"code_challenge": ""},
    ],
)
def test_a_wrong_consent_request_redirects_nowhere(zalo, wrong):
    page, granted = consent(zalo, **wrong)
    assert (page.status_code, granted.status_code) == (400, 400)
    assert "Location" not in granted.headers
    assert "Không thể cấp quyền" in page.text
