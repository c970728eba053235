"""The Graph API of the sandbox, rule by rule, over real HTTP."""

from __future__ import annotations

import hmac
import json

import pytest

from publishers.sandbox import world

PAGE = world.PROVINCE_PAGE.id
WARD = world.WARD_PAGE.id
DAY = 86_400


def error(reply, code, subcode=None, status=400):
    body = reply.json()["error"]
    assert (body["code"], body.get("error_subcode"), reply.status_code) == (code, subcode, status), body
    assert body["type"] in ("OAuthException", "GraphMethodException")
    assert body["message"]
    assert body["fbtrace_id"]
    return body


def test_a_text_post_is_read_back_as_it_was_sent(graph):
    text = "Cảnh báo giả danh cán bộ thuế\n\nMã: CB-2026-00123"
    post_id = graph.publish(text)
    page_id, _, number = post_id.partition("_")
    assert (page_id, number.isdigit()) == (PAGE, True)
    reply = graph.get(post_id, fields="id,message,created_time,permalink_url")
    assert reply.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert reply.json() == {
        "id": post_id,
        "message": text,
        "created_time": "2026-11-18T11:06:40+0000",
        "permalink_url": f"{graph.sandbox.base_url}/facebook/{PAGE}/posts/{number}",
    }
    assert text.splitlines()[0] in graph.http.get(reply.json()["permalink_url"], timeout=5).text


def test_edit_and_delete(graph):
    post_id = graph.publish("Bản một")
    assert graph.post(post_id, message="Bản hai").json() == {"success": True}
    assert graph.get(post_id).json()["message"] == "Bản hai"
    error(graph.post(post_id, message="  "), 100)
    error(graph.post(post_id), 100)
    assert graph.call("DELETE", post_id).json() == {"success": True}
    body = error(graph.get(post_id), 100, 33)
    assert body["type"] == "GraphMethodException"
    error(graph.call("DELETE", post_id), 100, 33)


def test_one_photo_becomes_a_post_with_caption(graph, picture):
    reply = graph.post(
        f"{PAGE}/photos", files={"source": ("thẻ;1.jpg", picture())}, caption="Chú thích"
    ).json()
    assert reply["post_id"].startswith(f"{PAGE}_")
    assert reply["id"].isdigit()
    post = graph.get(
        reply["post_id"], fields="message,attachments{media_type,url,target},full_picture"
    ).json()
    assert post["message"] == "Chú thích"
    [attachment] = post["attachments"]["data"]
    assert set(attachment) == {"media_type", "url", "target"}
    assert (attachment["media_type"], attachment["target"]["id"]) == ("photo", reply["id"])
    served = graph.http.get(post["full_picture"], timeout=5)
    assert (served.headers["Content-Type"], served.content) == ("image/jpeg", picture())


def test_a_photo_can_come_from_an_address_of_this_machine_only(graph, picture):
    first = graph.post(f"{PAGE}/photos", files={"source": ("a.png", picture("PNG"))}).json()["post_id"]
    url = graph.get(first, fields="full_picture").json()["full_picture"]
    assert "post_id" in graph.post(f"{PAGE}/photos", url=url, message="Từ địa chỉ").json()
    for address in ("http://192.0.2.1/a.jpg", "file:///etc/passwd", url + "x", "http://[::1/a"):
        error(graph.post(f"{PAGE}/photos", url=address), 100, 2061006)
    error(graph.post(f"{PAGE}/photos", message="không có ảnh"), 100)


@pytest.mark.parametrize("form", ["json", "keys"])
def test_several_photos_are_attached_once(graph, picture, form):
    photos = [graph.upload(picture(colour=colour)) for colour in ("red", "green")]
    media = [json.dumps({"media_fbid": photo}) for photo in photos]
    data = (
        {"attached_media": f"[{','.join(media)}]"}
        if form == "json"
        else {f"attached_media[{number}]": row for number, row in enumerate(media)}
    )
    assert graph.get(f"{PAGE}/published_posts").json() == {"data": []}
    post_id = graph.publish("Hai ảnh", **data)
    [album] = graph.get(post_id, fields="attachments").json()["attachments"]["data"]
    assert [row["target"]["id"] for row in album["subattachments"]["data"]] == photos
    error(graph.post(f"{PAGE}/feed", message="Dùng lại", **data), 100)
    error(graph.call("DELETE", photos[0]), 100, 33)


def test_an_unattached_photo_can_be_removed(graph, picture):
    photo = graph.upload(picture())
    assert graph.get(photo, fields="images").json()["images"][0]["width"] == 60
    assert graph.call("DELETE", photo).json() == {"success": True}
    error(graph.get(photo), 100, 33)


@pytest.mark.parametrize(
    "media",
    [
        "không phải json",
        "{}",
        '[{"media_fbid": "999"}]',
        '["1"]',
        "[{'media_fbid': '1'}]",
        '[{"media_fbid": null}]',
    ],
)
def test_bad_attached_media_is_refused(graph, media):
    error(graph.post(f"{PAGE}/feed", message="x", attached_media=media), 100)
    assert graph.sandbox.posts(PAGE) == []


def test_a_photo_of_another_page_cannot_be_attached(graph, picture):
    photo = graph.upload(picture())
    media = json.dumps([{"media_fbid": photo}])
    reply = graph.post(
        f"{WARD}/feed", message="x", attached_media=media, access_token=world.WARD_PAGE.access_token
    )
    error(reply, 100)


def test_photos_must_be_pictures_of_at_most_four_megabytes(graph, picture):
    path = f"{PAGE}/photos"
    small = picture()
    limit = 4 * 1024 * 1024
    assert (
        graph.post(path, files={"source": ("a.jpg", small + b"\0" * (limit - len(small)))}).status_code == 200
    )
    for data in (small + b"\0" * (limit + 1 - len(small)), b"GIF89a rubbish", picture("WEBP")):
        body = error(graph.post(path, files={"source": ("a.jpg", data)}), 100, 1366046)
        assert body["error_user_title"]
    assert len(graph.sandbox.posts(PAGE)) == 1


@pytest.mark.parametrize("flag", ["False", "True", "no", ""])
def test_published_takes_no_python_spelling(graph, flag):
    error(graph.post(f"{PAGE}/feed", message="x", published=flag), 100)


@pytest.mark.parametrize("flag", ["true", "1"])
def test_published_takes_json_spelling(graph, flag):
    graph.publish("x", published=flag)
    assert graph.sandbox.posts(PAGE)[0]["live"]


def test_json_bodies_are_understood(graph):
    url = f"{graph.sandbox.graph_url}v25.0/{PAGE}/feed"
    body = {"message": "Từ JSON", "published": False, "access_token": graph.token}
    assert graph.http.post(url, json=body, timeout=5).status_code == 200
    assert not graph.sandbox.posts(PAGE)[0]["live"]
    error(graph.http.post(url, json=["x"], timeout=5), 100)


def test_an_empty_message_needs_something_else(graph):
    error(graph.post(f"{PAGE}/feed", message=" \n "), 100)
    error(graph.post(f"{PAGE}/feed"), 100)
    graph.publish("", link="http://127.0.0.1/canh-bao/x/")


@pytest.mark.parametrize("link", ["không", "javascript:alert(1)", "http://", "http://[x"])
def test_a_link_is_an_address(graph, link):
    error(graph.post(f"{PAGE}/feed", message="x", link=link), 100)


def test_links_to_facebook_itself_are_refused(graph):
    error(graph.post(f"{PAGE}/feed", link="https://www.facebook.com/x"), 100, 1609008)


def test_the_same_text_twice_running_is_a_duplicate(graph):
    graph.publish("Một")
    error(graph.post(f"{PAGE}/feed", message="Một"), 506)
    graph.publish("Hai")
    graph.publish("Một")
    graph.sandbox.settings(facebook_duplicate_guard=False)
    graph.publish("Một")
    assert len(graph.sandbox.posts(PAGE)) == 4


def test_a_scheduled_post_waits_for_the_clock(graph, clock):
    at = int(clock.now) + 1_200
    post_id = graph.publish("Đặt lịch", published="false", scheduled_publish_time=at)
    assert graph.get(f"{PAGE}/published_posts").json() == {"data": []}
    [waiting] = graph.get(f"{PAGE}/scheduled_posts", fields="id,scheduled_publish_time").json()["data"]
    assert waiting == {"id": post_id, "scheduled_publish_time": at}
    clock.now += 1_201
    assert graph.get(f"{PAGE}/scheduled_posts").json() == {"data": []}
    [live] = graph.get(f"{PAGE}/published_posts").json()["data"]
    assert (live["id"], live["created_time"]) == (post_id, "2026-11-18T11:26:40+0000")


@pytest.mark.parametrize("ahead", [599, 30 * DAY + 1, -5])
def test_the_schedule_window_is_ten_minutes_to_thirty_days(graph, clock, ahead):
    at = int(clock.now) + ahead
    error(graph.post(f"{PAGE}/feed", message="x", published="false", scheduled_publish_time=at), 100)


def test_schedule_times_may_be_iso_and_need_published_false(graph):
    graph.publish("x", published="false", scheduled_publish_time="2026-11-19T08:00:00+07:00")
    error(graph.post(f"{PAGE}/feed", message="y", scheduled_publish_time="2026-11-19T08:00:00+07:00"), 100)
    error(graph.post(f"{PAGE}/feed", message="y", published="0", scheduled_publish_time="mai"), 100)


def test_a_scheduled_post_can_be_published_early(graph, clock):
    at = int(clock.now) + 1_200
    post_id = graph.publish("Sớm", published="false", scheduled_publish_time=at)
    assert graph.post(post_id, is_published="true").json() == {"success": True}
    assert [post["id"] for post in graph.get(f"{PAGE}/posts").json()["data"]] == [post_id]


@pytest.mark.parametrize("connection", ["published_posts", "posts", "feed"])
def test_lists_are_newest_first_and_paged(graph, clock, connection):
    ids = []
    for number in range(7):
        ids.append(graph.publish(f"Bài {number}"))
        clock.now += 60
    seen, reply = [], graph.get(f"{PAGE}/{connection}", limit=3, fields="id").json()
    for _ in range(3):
        seen += [post["id"] for post in reply["data"]]
        if "next" not in reply["paging"]:
            break
        reply = graph.http.get(reply["paging"]["next"], timeout=5).json()
    assert seen == ids[::-1]


def test_since_and_until_bound_a_list(graph, clock):
    ids = []
    for number in range(3):
        ids.append(graph.publish(f"Bài {number}"))
        clock.now += 100
    start = int(clock.now) - 300
    reply = graph.get(f"{PAGE}/published_posts", since=start + 50, until=start + 150).json()
    assert [post["id"] for post in reply["data"]] == [ids[1]]
    for bad in ({"since": "hôm qua"}, {"limit": "0"}, {"limit": "nhiều"}, {"after": "%%%"}):
        error(graph.get(f"{PAGE}/published_posts", **bad), 100)


def test_an_unknown_field_refuses_the_whole_request(graph):
    post_id = graph.publish("x")
    error(graph.get(post_id, fields="id,likes_total"), 100)
    error(graph.get(post_id, fields="id,attachments{url"), 2500)


def test_cheap_counts(graph):
    post_id = graph.publish("x")
    fields = "shares,comments.limit(0).summary(true),reactions.limit(0).summary(true)"
    post = graph.get(post_id, fields=fields).json()
    assert "shares" not in post
    assert post["reactions"]["summary"]["total_count"] == 0
    graph.sandbox.engagement(post_id, shares=3, comments=4, reactions=5)
    post = graph.get(post_id, fields=fields).json()
    assert post["shares"] == {"count": 3}
    assert (post["comments"]["summary"]["total_count"], post["reactions"]["summary"]["total_count"]) == (4, 5)


def test_insights_know_the_metrics_that_are_left(graph):
    post_id = graph.publish("x")
    graph.sandbox.engagement(post_id, views=120, viewers=80, reactions=7)
    names = "post_media_view,post_total_media_view_unique,post_clicks,post_reactions_by_type_total"
    rows = graph.get(f"{post_id}/insights", metric=names).json()["data"]
    assert {row["name"]: row["values"][0]["value"] for row in rows} == {
        "post_media_view": 120,
        "post_total_media_view_unique": 80,
        "post_clicks": 0,
        "post_reactions_by_type_total": {"like": 7},
    }


@pytest.mark.parametrize("metric", ["post_impressions", "post_media_view,post_impressions_unique", "bịa", ""])
def test_a_removed_metric_refuses_the_whole_request(graph, metric):
    error(graph.get(f"{graph.publish('x')}/insights", metric=metric), 100)


def test_the_view_metrics_need_version_23(graph):
    post_id = graph.publish("x")
    graph.version = "v22.0"
    error(graph.get(f"{post_id}/insights", metric="post_media_view"), 100)


def test_page_fields_and_picture(graph):
    page = graph.get(PAGE, fields="id,name,picture,link,fan_count").json()
    assert (page["id"], page["name"], page["fan_count"]) == (PAGE, world.PROVINCE_PAGE.name, 48210)
    picture = graph.http.get(page["picture"]["data"]["url"], timeout=5)
    assert (picture.headers["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert graph.http.get(page["link"], timeout=5).status_code == 200
    assert graph.get(f"{PAGE}/picture").content == picture.content
    assert graph.get("me", fields="name").json() == {"id": PAGE, "name": world.PROVINCE_PAGE.name}
    error(graph.get("999", fields="name"), 100, 33)


def test_tokens_travel_in_query_form_or_header(graph):
    url = f"{graph.sandbox.graph_url}v25.0/{PAGE}"
    for scheme in ("Bearer", "OAuth"):
        headers = {"Authorization": f"{scheme} {graph.token}"}
        assert graph.http.get(url, headers=headers, timeout=5).json()["id"] == PAGE
    error(graph.http.get(url, timeout=5), 104)
    error(graph.get(PAGE, access_token="lạ"), 190, status=401)


def test_only_the_page_itself_posts_and_only_with_the_permission(graph):
    for token in (world.WARD_PAGE.access_token, world.FACEBOOK_USER_TOKEN, world.FACEBOOK_APP_TOKEN):
        error(graph.post(f"{PAGE}/feed", message="x", access_token=token), 200, status=403)
    graph.sandbox.token(page=PAGE, scopes=["pages_read_engagement"])
    error(graph.post(f"{PAGE}/feed", message="x"), 200, status=403)
    assert graph.sandbox.posts(PAGE) == []


def test_dead_and_expired_tokens(graph, clock):
    graph.sandbox.token(page=PAGE, subcode=460)
    error(graph.get(PAGE), 190, 460, 401)
    graph.sandbox.token(page=PAGE, subcode=-1, expires_in=100)
    assert graph.get(PAGE).status_code == 200
    clock.now += 101
    error(graph.get(PAGE), 190, 463, 401)
    data = graph.get("debug_token", input_token=graph.token, access_token=world.FACEBOOK_APP_TOKEN).json()[
        "data"
    ]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 463)


def test_debug_token(graph):
    ask = {"access_token": world.FACEBOOK_APP_TOKEN}
    data = graph.get("debug_token", input_token=graph.token, **ask).json()["data"]
    assert (data["app_id"], data["type"], data["is_valid"]) == (world.FACEBOOK_APP_ID, "PAGE", True)
    assert (data["expires_at"], data["profile_id"]) == (0, PAGE)
    assert "pages_manage_posts" in data["scopes"]
    data = graph.get("debug_token", input_token="lạ", **ask).json()["data"]
    assert (data["is_valid"], data["error"]["code"]) == (False, 190)


def test_token_exchange(graph):
    def ask(**params):
        params = {"client_id": world.FACEBOOK_APP_ID, "client_secret": world.FACEBOOK_APP_SECRET, **params}
        return graph.http.get(graph.sandbox.facebook_token_url, params=params, timeout=5)

    short = world.FACEBOOK_SHORT_USER_TOKEN
    long = ask(grant_type="fb_exchange_token", fb_exchange_token=short).json()
    assert (long["token_type"], long["expires_in"]) == ("bearer", 5183944)
    accounts = graph.get("me/accounts", access_token=long["access_token"]).json()["data"]
    assert {row["id"]: row["access_token"] for row in accounts} == {
        page.id: page.access_token for page in world.PAGES
    }
    assert "CREATE_CONTENT" in accounts[0]["tasks"]
    app = ask(grant_type="client_credentials").json()["access_token"]
    assert graph.get("debug_token", input_token=short, access_token=app).json()["data"]["is_valid"]
    token = graph.get(PAGE, fields="access_token", access_token=long["access_token"]).json()["access_token"]
    assert token == world.PROVINCE_PAGE.access_token
    error(ask(grant_type="client_credentials", client_secret="sai"), 1)
    error(ask(grant_type="client_credentials", client_id="1"), 101)
    error(ask(grant_type="fb_exchange_token", fb_exchange_token="lạ"), 190, status=401)


def test_a_proof_is_checked_when_given_and_demanded_when_set(graph):
    def proof(secret):
        return hmac.new(secret.encode(), graph.token.encode(), "sha256").hexdigest()

    good = proof(world.FACEBOOK_APP_SECRET)
    assert graph.get(PAGE, appsecret_proof=good).status_code == 200
    body = error(graph.get(PAGE, appsecret_proof=proof("khác")), 100)
    assert "appsecret_proof" in body["message"]
    graph.sandbox.settings(facebook_require_proof=True)
    error(graph.get(PAGE), 100)
    assert graph.get(PAGE, appsecret_proof=good).status_code == 200


@pytest.mark.parametrize("version", ["v21.0", "v26.0", "v19.0"])
def test_versions_are_served(graph, version):
    graph.version = version
    assert graph.get(PAGE).json()["id"] == PAGE


def test_unknown_paths_and_versions(graph):
    base = graph.sandbox.graph_url
    assert graph.http.get(f"{base}{PAGE}", params={"access_token": graph.token}, timeout=5).status_code == 200
    graph.sandbox.settings(facebook_require_version=True)
    error(graph.http.get(f"{base}{PAGE}", params={"access_token": graph.token}, timeout=5), 2635)
    error(graph.http.get(f"{base}v99.0/{PAGE}", params={"access_token": graph.token}, timeout=5), 2500)
    error(graph.get(f"{PAGE}/a/b"), 2500)
    error(graph.get(f"{PAGE}/albums"), 100, 33)


def test_usage_rises_and_blocks_at_a_hundred(graph, clock):
    graph.sandbox.settings(facebook_calls_per_hour=4)
    shares = []
    for _ in range(4):
        reply = graph.get(PAGE)
        shares.append(json.loads(reply.headers["X-App-Usage"])["call_count"])
        [row] = json.loads(reply.headers["X-Business-Use-Case-Usage"])[world.FACEBOOK_BUSINESS_ID]
        assert row["type"] == "pages"
    assert shares == [25, 50, 75, 100]
    blocked = graph.post(f"{PAGE}/feed", message="x")
    error(blocked, 80001)
    [row] = json.loads(blocked.headers["X-Business-Use-Case-Usage"])[world.FACEBOOK_BUSINESS_ID]
    assert row["call_count"] == 100
    assert 1 <= row["estimated_time_to_regain_access"] <= 60
    graph.sandbox.settings(facebook_throttle_code=32)
    error(graph.get(PAGE), 32, status=403)
    clock.now += 3_600
    assert graph.get(PAGE).status_code == 200


def test_the_library_the_product_uses_speaks_with_it(graph):
    from pyfacebook import FacebookError, GraphAPI  # noqa: TID251 - the sandbox must satisfy the real client

    api = GraphAPI(
        app_id=world.FACEBOOK_APP_ID,
        app_secret=world.FACEBOOK_APP_SECRET,
        access_token=graph.token,
        version="v26.0",
        base_url=graph.sandbox.graph_url,
        access_token_url=graph.sandbox.facebook_token_url,
        timeout=5,
        sleep_on_rate_limit=False,
    )
    api.session.trust_env = False
    post_id = api.post_object(PAGE, "feed", data={"message": "Qua thư viện"})["id"]
    assert api.get_object(post_id)["message"] == "Qua thư viện"
    assert len(api.get_full_connections(PAGE, "published_posts", limit=1)["data"]) == 1
    assert api.get_app_token()["access_token"] == world.FACEBOOK_APP_TOKEN
    assert api.delete_object(post_id) == {"success": True}
    with pytest.raises(FacebookError) as caught:
        api.get_object(post_id)
    assert (caught.value.code, caught.value.error_subcode) == (100, 33)
