"""What a citizen would see, and that hostile text stays text."""

from __future__ import annotations

import re

import pytest

from publishers.sandbox import world
from publishers.sandbox.markup import rich

PAGE = world.PROVINCE_PAGE.id
GROUP = world.PROVINCE_GROUP.id
BANNER = "Môi trường thử nghiệm – không phải Facebook/Zalo thật"
ATTACK = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> \"' &amp; </div></ol>"
    ' http://x.example/"><svg/onload=alert(3)> javascript:alert(4) [@"><script>alert(5)</script>]'
)


def page(sandbox, http, path, status=200):
    reply = http.get(f"{sandbox.base_url}{path}", timeout=5)
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert '<html lang="vi">' in reply.text
    assert BANNER in reply.text
    return reply.text


def test_every_page_says_what_it_is_and_loads_nothing_from_outside(sandbox, http, graph, zalo):
    post = graph.publish("Bài")
    zalo.send({"text": "Tin"})
    number = post.partition("_")[2]
    for path in ("/", f"/facebook/{PAGE}", f"/facebook/{PAGE}/posts/{number}", f"/zalo/{GROUP}"):
        text = page(sandbox, http, path)
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
        assert "<script" not in text
        assert " style=" not in text
    assert http.get(f"{sandbox.base_url}/site.css", timeout=5).headers["Content-Type"].startswith("text/css")


def test_the_index_counts_posts_and_messages(sandbox, http, graph, zalo):
    graph.publish("Bài")
    zalo.send({"text": "Tin"})
    text = page(sandbox, http, "/")
    for name in (*(row.name for row in world.PAGES), *(row.name for row in world.GROUPS)):
        assert name in text
    assert "1 bài đăng" in text
    assert "1 tin nhắn" in text
    assert "48.210 người theo dõi" in text


def test_the_feed_is_newest_first_with_vietnamese_time(sandbox, http, graph, clock):
    graph.publish("Bài cũ")
    clock.now += 3_600
    graph.publish("Dòng một\nDòng hai, xem http://127.0.0.1/canh-bao/x.")
    text = page(sandbox, http, f"/facebook/{PAGE}")
    assert text.index("Dòng một") < text.index("Bài cũ")
    assert "18/11/2026 18:06" in text
    assert "18/11/2026 19:06" in text
    assert "Dòng một\nDòng hai" in text
    assert re.search(r'<a href="http://127.0.0.1/canh-bao/x" rel="nofollow[^"]*">[^<]*</a>\.', text)


def test_a_long_feed_is_paged(sandbox, http, graph, clock):
    for number in range(21):
        graph.publish(f"Bài số {number}.")
        clock.now += 1
    assert "Bài số 0." not in page(sandbox, http, f"/facebook/{PAGE}")
    assert "Bài số 0." in page(sandbox, http, f"/facebook/{PAGE}?page=2")
    page(sandbox, http, f"/facebook/{PAGE}?page=-1")


def test_a_chat_shows_text_picture_and_time(sandbox, http, zalo, picture):
    handle = zalo.upload("image", "a.jpg", picture())["data"]["attachment_id"]
    element = {"media_type": "image", "attachment_id": handle}
    payload = {"template_type": "media", "elements": [element]}
    zalo.send({"text": "Chú thích", "attachment": {"type": "template", "payload": payload}})
    text = page(sandbox, http, f"/zalo/{GROUP}")
    assert "Chú thích" in text
    assert "18/11/2026 18:06" in text
    source = re.search(r'class="photo" src="(/files/[^"]+)"', text)
    assert source
    served = http.get(sandbox.base_url + source[1], timeout=5)
    assert (served.headers["Content-Type"], served.content) == ("image/jpeg", picture())


def test_hostile_text_is_inert(sandbox, http, graph, zalo):
    post = graph.publish(ATTACK, link='http://x.example/"><script>alert(6)</script>')
    zalo.send({"text": ATTACK})
    for path in (
        f"/facebook/{PAGE}",
        f"/facebook/{PAGE}/posts/{post.partition('_')[2]}",
        f"/zalo/{GROUP}",
    ):
        text = page(sandbox, http, path)
        assert "<script" not in text
        assert "<svg" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_an_uploaded_document_is_not_shown_in_place(sandbox, http, zalo):
    token = zalo.upload("file", '"><script>.csv', b"<script>alert(1)</script>")["data"]["token"]
    zalo.send({"attachment": {"type": "file", "payload": {"token": token}}})
    text = page(sandbox, http, f"/zalo/{GROUP}")
    assert "<script" not in text
    name = re.search(r'href="(/files/[^"]+)"', text)
    assert name
    served = http.get(sandbox.base_url + name[1], timeout=5)
    assert served.headers["Content-Disposition"] == "attachment"
    assert served.headers["X-Content-Type-Options"] == "nosniff"


def test_a_ping_is_shown_as_members_see_it(sandbox, http, zalo):
    zalo.send({"text": f"Chú ý [@{GROUP}]"})
    assert '<span class="mention">@Tất cả</span>' in page(sandbox, http, f"/zalo/{GROUP}")


def test_deleted_hidden_and_scheduled_posts_are_not_shown(sandbox, http, graph, clock):
    gone = graph.publish("Đã xóa")
    graph.call("DELETE", gone)
    graph.publish("Chưa đến giờ", published="false", scheduled_publish_time=int(clock.now) + 900)
    text = page(sandbox, http, f"/facebook/{PAGE}")
    assert "Đã xóa" not in text
    assert "Chưa đến giờ" not in text
    page(sandbox, http, f"/facebook/{PAGE}/posts/{gone.partition('_')[2]}", status=404)


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/facebook/1",
        "/zalo/1",
        "/files/../world.py",
        "/files/%2e%2e%2fworld.py",
        "/avatar/x.png",
        "//x",
    ],
)
def test_unknown_paths_are_a_vietnamese_404(sandbox, http, path):
    assert "Không tìm thấy trang" in page(sandbox, http, path, status=404)


def test_links_end_before_punctuation_and_direction_marks():
    assert rich("(http://a.example/x).").startswith('(<a href="http://a.example/x"')
    assert "\u202e" not in rich("http://a.example/\u202egpj.exe")
    assert rich("http://") == "http://"
