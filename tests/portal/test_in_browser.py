"""The baked pages in a real browser: no sideways scroll, no policy violation, one sheet of paper."""

import re
import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

import pytest
from playwright.sync_api import sync_playwright
from pytest_django import Settings

from cms.portal import bake
from cms.portal.finished import FinishedFiles
from cms.portal.models import PublishedWarning
from scam_warnings.snapshot import Named
from tests.portal import factories

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def site(db: None, settings: Settings) -> Iterator[str]:
    """Baked pages and static files; nothing in here reaches a database."""
    long_words = "Thủ đoạn " + "nghiêng" * 12
    factories.publish(factories.snapshot("Cảnh báo có liên quan", reference="CB-2026-00001"))
    factories.publish(
        factories.snapshot(
            "Giả danh công an, viện kiểm sát, tòa án gọi điện đe dọa để lừa tiền " + "x" * 20,
            slug="dai",
            reference="CB-2026-00002",
            severity=Named("urgent", "Cảnh báo khẩn"),
            scam_type=Named("deepfake", "Cuộc gọi video Deepfake, Deepvoice, Facebook (FlashAIDeepvoice)"),
            sample_message=long_words + " hxxps://" + "a" * 120 + "[.]example",
        )
    )
    application = FinishedFiles(StaticFilesHandler(get_wsgi_application()))
    server = make_server("127.0.0.1", 0, application, Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_pages_fit_small_screens_and_keep_the_policy(site: str, portal_root: Any) -> None:
    paths = ["/", "/canh-bao/", "/canh-bao/dai/", "/hinh-thuc/", "/hinh-thuc/gia-danh-co-quan-thue/"]
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 320, "height": 640})
        page.on("console", lambda message: complaints.append(message.text))
        hosts: set[str] = set()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        for path in paths:
            page.goto(site + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{path} at 200% text"
            small = page.evaluate(
                "[...document.querySelectorAll('.button, .site-nav a, .search__input, .search__button')]"
                ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
            )
            assert small == [], path
        assert page.evaluate("document.fonts.check('16px \\'Be Vietnam Pro\\'')")
        assert hosts == {site.removeprefix("http://")}

        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{site}/canh-bao/dai/")
        assert page.locator("a[href='#khi-da-bi-lua']:visible").first.bounding_box()["y"] < 844
        page.get_by_role("button", name="Chữ to hơn").click()
        page.goto(f"{site}/canh-bao/")
        assert "larger" in page.evaluate("document.documentElement.className")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"

        page.goto(f"{site}/canh-bao/dai/")
        assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) == 1
        browser.close()
    complaints = [text for text in complaints if "404" not in text]
    assert complaints == []
    assert bake.file_for(PublishedWarning(slug="dai").path).exists()
