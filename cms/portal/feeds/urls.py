"""Addresses of the feeds; they are permanent."""

from django.urls import path

from cms.portal.feeds import views

urlpatterns = [
    path("feeds/canh-bao.rss.xml", views.newest_feed, {"ending": "rss.xml"}, name="rss"),
    path("feeds/canh-bao.atom.xml", views.newest_feed, {"ending": "atom.xml"}, name="atom"),
    path("feeds/canh-bao.feed.json", views.newest_feed, {"ending": "feed.json"}, name="json_feed"),
    path("feeds/en/canh-bao.rss.xml", views.english_feed, {"ending": "rss.xml"}, name="english_rss"),
    path("feeds/en/canh-bao.atom.xml", views.english_feed, {"ending": "atom.xml"}, name="english_atom"),
    path("feeds/en/canh-bao.feed.json", views.english_feed, {"ending": "feed.json"}, name="english_json"),
    path("feeds/hinh-thuc/<ascii_slug:key>.rss.xml", views.type_feed, {"ending": "rss.xml"}, name="type_rss"),
    path(
        "feeds/hinh-thuc/<ascii_slug:key>.atom.xml", views.type_feed, {"ending": "atom.xml"}, name="type_atom"
    ),
    path(
        "feeds/hinh-thuc/<ascii_slug:key>.feed.json",
        views.type_feed,
        {"ending": "feed.json"},
        name="type_json",
    ),
]
