"""The feeds in their three formats."""

import json
from datetime import datetime

from django.db import connection
from django.test import Client

import pytest
from lxml import etree

from cms.portal import bake
from cms.portal.feeds.backend import FeedBackend
from cms.portal.feeds.entries import NEWEST
from cms.portal.models import FeedEntry, PublishedWarning
from publishers.models import Channel, Release
from scam_warnings.snapshot import Named
from tests.portal import factories

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed_channel() -> Channel:
    return Channel.objects.get_or_create(kind="feed", remote_id="", defaults={"name": "Nguồn cấp tin"})[0]


def follow(**values: object) -> None:
    """A warning that the portal and the feeds carry."""
    sealed = factories.snapshot(**values)
    factories.publish(sealed)
    page = PublishedWarning.objects.get(slug=sealed.slug).page
    FeedBackend().publish(factories.release(sealed, channel=feed_channel(), page=page))


@pytest.fixture
def followed() -> None:
    follow(title="Cảnh báo thứ nhất <b>&</b>", slug="mot", reference="CB-2026-00001")


def test_rss_names_an_entry_that_is_no_address(client: Client, followed: None) -> None:
    channel = etree.fromstring(client.get("/feeds/canh-bao.rss.xml").content)[0]
    item = channel.find("item")
    guid = item.find("guid")
    assert guid.get("isPermaLink") == "false"
    assert guid.text == "tag:127.0.0.1,2026:CB-2026-00001"
    assert item.find("title").text == "Cảnh báo thứ nhất <b>&</b>"
    assert item.find("link").text == f"{factories.HOST}/canh-bao/mot/"
    itself = channel.find("{http://www.w3.org/2005/Atom}link")
    assert (itself.get("rel"), itself.get("href")) == ("self", f"{factories.HOST}/feeds/canh-bao.rss.xml")


def test_atom_has_what_the_standard_requires(client: Client, followed: None) -> None:
    feed = etree.fromstring(client.get("/feeds/canh-bao.atom.xml").content)
    for name in ("id", "title", "updated", "author/a:name", "entry/a:id", "entry/a:title", "entry/a:updated"):
        assert feed.findtext(f"a:{name}", namespaces=ATOM), name
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"


def test_json_feed_has_what_the_standard_requires(client: Client, followed: None) -> None:
    feed = json.loads(client.get("/feeds/canh-bao.feed.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{factories.HOST}/feeds/canh-bao.feed.json"
    assert feed["language"] == "vi"
    [item] = feed["items"]
    assert item["id"] == "tag:127.0.0.1,2026:CB-2026-00001"
    assert item["content_text"]
    assert item["tags"] == ["Giả danh cơ quan thuế, ứng dụng thuế giả"]
    for name in ("date_published", "date_modified"):
        moment = datetime.fromisoformat(item[name])
        assert moment.utcoffset() is not None
        assert moment.microsecond == 0


def test_a_scam_type_has_feeds_of_its_own(client: Client, followed: None) -> None:
    follow(title="Khác", slug="khac", reference="CB-2026-00002", scam_type=Named("deepfake", "Deepfake"))
    feed = json.loads(client.get("/feeds/hinh-thuc/deepfake.feed.json").content)
    assert feed["title"] == "Cảnh báo lừa đảo: Deepfake – Công an tỉnh"
    assert [item["title"] for item in feed["items"]] == ["Khác"]
    for ending in ("rss.xml", "atom.xml", "feed.json"):
        assert "Khác" in bake.file_for(f"/feeds/hinh-thuc/deepfake.{ending}").read_text(encoding="utf-8")


def test_warnings_with_an_english_version_have_feeds_in_english(client: Client, followed: None) -> None:
    said = factories.english(summary="They send a link to a fake app.")
    follow(title="Có bản tiếng Anh", slug="hai", reference="CB-2026-00002", english=said)
    feed = json.loads(client.get("/feeds/en/canh-bao.feed.json").content)
    assert feed["language"] == "en"
    assert feed["title"].startswith("Scam warnings")
    assert feed["home_page_url"] == f"{factories.HOST}/en/canh-bao/"
    [item] = feed["items"]
    assert item["id"] == "tag:127.0.0.1,2026:CB-2026-00002"
    assert (item["title"], item["content_text"], item["tags"]) == (said.title, said.summary, [said.scam_type])
    assert item["url"] == f"{factories.HOST}/en/canh-bao/hai/"
    rss = etree.fromstring(client.get("/feeds/en/canh-bao.rss.xml").content)[0]
    assert [entry.findtext("title") for entry in rss.findall("item")] == [said.title]
    assert rss.findtext("language") == "en"
    for ending in ("rss.xml", "atom.xml", "feed.json"):
        assert said.title in bake.file_for(f"/feeds/en/canh-bao.{ending}").read_text(encoding="utf-8")
    for page, other in (("/en/canh-bao/", "/feeds/en/canh-bao.rss.xml"), ("/", "/feeds/canh-bao.rss.xml")):
        assert f'title="RSS" href="{other}"' in client.get(page).text


def test_a_feed_in_english_says_what_no_longer_holds(client: Client) -> None:
    follow(title="Một", slug="mot", reference="CB-2026-00001", english=factories.english("First scam"))
    follow(title="Hai", slug="hai", reference="CB-2026-00002", english=factories.english("Second scam"))
    page = PublishedWarning.objects.get(slug="mot").page
    plain = factories.snapshot("Một", slug="mot", reference="CB-2026-00001.2")
    factories.publish(plain, page=page)
    FeedBackend().publish(factories.release(plain, channel=feed_channel(), page=page))
    Release.objects.filter(page__slug="hai").update(kind=Release.Kind.WITHDRAWAL, note="Sai nguồn")
    items = json.loads(client.get("/feeds/en/canh-bao.feed.json").content)["items"]
    assert sorted(item["title"] for item in items) == [
        "No longer in English: Một",
        "Withdrawn warning: Second scam",
    ]
    assert "Sai nguồn" not in json.dumps(items, ensure_ascii=False)
    assert "First scam" not in bake.file_for("/feeds/en/canh-bao.rss.xml").read_text(encoding="utf-8")


def test_a_feed_is_bounded_and_costs_the_same_for_any_number(
    client: Client, django_assert_num_queries: object
) -> None:
    factories.many(2)
    for path in ("/feeds/canh-bao.feed.json", "/feeds/canh-bao.rss.xml"):
        with django_assert_num_queries(2):  # type: ignore[operator]
            client.get(path)
    assert NEWEST == 50


def test_characters_xml_has_no_place_for_do_not_break_the_feed(client: Client, followed: None) -> None:
    # PostgreSQL keeps no NUL.
    nothing = "\x01" if connection.vendor == "postgresql" else "\x00"
    FeedEntry.objects.update(title="Trước\x0b\ufffe sau", summary=nothing)
    for ending in ("rss.xml", "atom.xml"):
        answer = client.get(f"/feeds/canh-bao.{ending}")
        assert answer.status_code == 200
        assert "Trước sau" in etree.tostring(etree.fromstring(answer.content), encoding="unicode")
