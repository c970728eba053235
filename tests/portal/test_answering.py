"""What goes out before the body differs by address, and is the same from Django and from the finished files."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.test import Client

import pytest

from cms.portal import bake
from cms.portal.finished import FinishedFiles
from tests.portal import factories

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "/api/v1/canh-bao.json": "application/json",
    "/api/v1/thay-doi.json": "application/json",
    "/api/v1/openapi.json": "application/json",
    "/feeds/canh-bao.rss.xml": "application/rss+xml; charset=utf-8",
    "/feeds/canh-bao.atom.xml": "application/atom+xml; charset=utf-8",
    "/feeds/canh-bao.feed.json": "application/feed+json; charset=utf-8",
    "/feeds/hinh-thuc/gia-danh-co-quan-thue.feed.json": "application/feed+json; charset=utf-8",
    "/cap/canh-bao.atom.xml": "application/atom+xml; charset=utf-8",
    "/cap/cb-2026-00001.xml": "application/cap+xml; charset=utf-8",
    "/du-lieu-mo/canh-bao.csv": "text/csv; charset=utf-8",
    "/du-lieu-mo/canh-bao.json": "application/json",
}
OWN_PAGES = ("/", "/du-lieu-mo/", "/du-lieu-mo/nhung/", "/ngoai-tuyen/", "/nhung/", "/sw.js", "/sitemap.xml")

Headers = dict[str, str]


@pytest.fixture(scope="module")
def baked(once: Path) -> Path:
    factories.publish(factories.snapshot())
    bake.bake_everything()
    return once


@pytest.fixture
def ask(client: Client, baked: Path, portal_root: Path) -> Callable[[str], tuple[Headers, Headers]]:
    """Headers of an address from Django, and from its finished file."""
    shutil.copytree(baked, portal_root)
    files = FinishedFiles(lambda _environ, _start: pytest.fail("Django was asked"))

    def both(path: str) -> tuple[Headers, Headers]:
        found: Headers = {}
        files({"REQUEST_METHOD": "GET", "PATH_INFO": path}, lambda _status, headers: found.update(headers))
        return dict(client.get(path).items()), found

    return both


def test_public_data_may_be_read_by_scripts_of_any_site(
    ask: Callable[[str], tuple[Headers, Headers]],
) -> None:
    for path, media_type in EVERYWHERE.items():
        for headers in ask(path):
            assert headers["Access-Control-Allow-Origin"] == "*", path
            assert headers["Content-Type"] == media_type, path
            assert "Set-Cookie" not in headers
            assert headers["Cache-Control"] == "public, max-age=60"


def test_pages_may_not(ask: Callable[[str], tuple[Headers, Headers]]) -> None:
    for path in OWN_PAGES:
        for headers in ask(path):
            assert "Access-Control-Allow-Origin" not in headers, path


def test_only_the_widget_may_be_framed_elsewhere(ask: Callable[[str], tuple[Headers, Headers]]) -> None:
    for path in ("/nhung/", "/nhung/gia-danh-co-quan-thue/"):
        for headers in ask(path):
            assert "X-Frame-Options" not in headers
            policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
            assert {"frame-ancestors *", "script-src 'none'", "default-src 'none'"} <= policy
    for path in ("/", "/du-lieu-mo/nhung/", "/ngoai-tuyen/"):
        for headers in ask(path):
            assert headers["X-Frame-Options"] == "SAMEORIGIN"
            assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_browsers_always_ask_for_the_worker(ask: Callable[[str], tuple[Headers, Headers]]) -> None:
    for headers in ask("/sw.js"):
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/canh-bao/cb-2026-99999.json",
        "/api/v1/canh-bao/trang-9.json",
        "/api/v1/canh-bao/trang-999999.json",
        "/api/v1/thay-doi/trang-9.json",
        "/cap/cb-2026-99999.xml",
        "/feeds/hinh-thuc/khong-co.rss.xml",
        "/nhung/khong-co/",
        "/sitemap/canh-bao-9.xml",
        "/sitemap/canh-bao-999999.xml",
        "/api/v1/canh-bao/%00.json",
        "/api/v1/canh-bao/%ff.json",
        "/api/v1/canh-bao/CB-2026-00001.json",
        "/cap/..%2fx.xml",
    ],
)
def test_what_does_not_exist_is_404(client: Client, baked: Path, path: str) -> None:
    assert client.get(path).status_code == 404
