"""The portal's addresses; they are permanent."""

from django.urls import path, re_path, register_converter

from cms.portal import addresses, views


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


register_converter(Slug, "ascii_slug")
register_converter(PageNumber, "page_number")

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("canh-bao/", views.warning_list, name="list"),
    path("canh-bao/trang/<page_number:number>/", views.warning_list, name="list_page"),
    path("canh-bao/<ascii_slug:slug>/", views.warning, name="warning"),
    path("hinh-thuc/", views.types, name="types"),
    path("hinh-thuc/<ascii_slug:key>/", views.type_list, name="type"),
    path("hinh-thuc/<ascii_slug:key>/trang/<page_number:number>/", views.type_list, name="type_page"),
    path("tim-kiem/", views.search_page, name="search"),
    re_path(rf"^cb/(?P<code>{addresses.CODE_PATTERN})/$", views.short_link, name="short"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("feeds/canh-bao.rss.xml", views.rss, name="rss"),
    path("feeds/canh-bao.atom.xml", views.atom, name="atom"),
    path("favicon.ico", views.favicon, name="favicon"),
]
