"""The portal's addresses; they are permanent."""

from django.urls import URLPattern, include, path, re_path, register_converter

from cms.portal import addresses, views
from cms.portal.search import views as search
from cms.portal.selfcheck import views as selfcheck
from cms.portal.sharing import views as sharing
from cms.portal.verify import views as verify


class Slug:
    """The one ASCII form of a slug or key."""

    regex = addresses.SLUG_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PageNumber:
    """A page number without leading zeros, so every page has one address."""

    regex = "[1-9][0-9]{0,5}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Shard(Slug):
    """The name of a shard of the search."""

    regex = "[a-z0-9]{1,2}(?:-[a-z])?"


class Block(PageNumber):
    """The number of a small file of the search, from 0."""

    regex = "0|[1-9][0-9]{0,6}"


register_converter(Slug, "ascii_slug")
register_converter(Block, "block")
register_converter(Shard, "shard")
register_converter(PageNumber, "page_number")

PARTS = ("english", "feeds", "sitemap", "cap", "opendata", "widget", "offline")
"""Packages of this one with addresses of their own."""

app_name = "portal"


def _search(page: str, name: str) -> list[URLPattern]:
    files = f"{page}du-lieu/"
    return [
        path(page, search.search_page, name=name),
        path(f"{files}moi.json", search.newest, name=f"{name}_newest"),
        path(f"{files}tu-dien.json", search.vocabulary, name=f"{name}_vocabulary"),
        path(f"{files}noi-dung.json", search.standing_pages, name=f"{name}_standing"),
        path(f"{files}tu/<shard:name>.json", search.shard, name=f"{name}_shard"),
        path(f"{files}loc/<ascii_slug:name>.json", search.facet, name=f"{name}_facet"),
        path(f"{files}dong/<block:block>.json", search.results, name=f"{name}_rows"),
        path(f"{files}chu/<block:block>.json", search.fresh, name=f"{name}_words"),
    ]


urlpatterns = [
    path("", views.home, name="home"),
    path("canh-bao/", views.warning_list, name="list"),
    path("canh-bao/trang/<page_number:number>/", views.warning_list, name="list_page"),
    path("canh-bao/<ascii_slug:slug>/", views.warning, name="warning"),
    path("hinh-thuc/", views.types, name="types"),
    path("hinh-thuc/<ascii_slug:key>/", views.type_list, name="type"),
    path("hinh-thuc/<ascii_slug:key>/trang/<page_number:number>/", views.type_list, name="type_page"),
    path("doi-tuong/", views.audience_index, name="audiences"),
    path("doi-tuong/<ascii_slug:key>/", views.audience_list, name="audience"),
    path("doi-tuong/<ascii_slug:key>/trang/<page_number:number>/", views.audience_list, name="audience_page"),
    path("thanh-phan/", views.components, name="components"),
    path("dinh-chinh/", views.corrections, name="corrections"),
    path("dinh-chinh/trang/<page_number:number>/", views.corrections, name="corrections_page"),
    *_search("tim-kiem/", "search"),
    *_search("en/tim-kiem/", "english_search"),
    path("xac-minh/", verify.verify, name="verify"),
    path("en/xac-minh/", verify.verify, name="english_verify"),
    path("xac-minh/khoa.json", verify.public_keys, name="verify_keys"),
    path("xac-minh/tai-khoan.json", verify.accounts, name="verify_accounts"),
    re_path(r"^xac-minh/du-lieu/(?P<code>cb-[0-9]{4}-[0-9]{5,9})\.json$", verify.statement, name="statement"),
    re_path(r"^chia-se/(?P<name>[0-9a-f]{16})\.jpg$", sharing.show, name="share_picture"),
    path("kiem-tra/", selfcheck.start, name="selfcheck"),
    path("kiem-tra/tin-nhan/", selfcheck.message_check, name="message_check"),
    path("kiem-tra/tin-nhan/du-lieu.json", selfcheck.message_data, name="message_data"),
    path("kiem-tra/<ascii_slug:key>/", selfcheck.step, name="selfcheck_step"),
    re_path(rf"^cb/(?P<code>{addresses.CODE_PATTERN})/$", views.short_link, name="short"),
    path("favicon.ico", views.favicon, name="favicon"),
    *(path("", include(f"cms.portal.{part}.urls")) for part in PARTS),
]
