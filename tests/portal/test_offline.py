"""Reading without a network in a real browser: what was saved, what changed, what was withdrawn."""

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from cms.portal import bake
from cms.portal.finished import FinishedFiles
from cms.portal.models import PublicState, PublishedWarning
from tests.portal import factories

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]
SAVED = "caches.open('keng-pages').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
PATIENCE = 60


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Portal:
    """The finished files behind a port that can go dead: a network that fails is no answer at all."""

    def __init__(self) -> None:
        self._application = FinishedFiles(StaticFilesHandler(get_wsgi_application()))
        self._port = 0
        self.start()

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self._application, Threaded, Quiet)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"


@pytest.fixture
def portal(live_db: None) -> Iterator[Portal]:
    """Two warnings as finished files; no request reaches a database."""
    factories.publish(factories.snapshot("Bài thứ nhất", slug="mot", reference="CB-2026-00001"))
    factories.publish(factories.snapshot("Bài thứ hai", slug="hai", reference="CB-2026-00002"))
    bake.bake_everything()
    made = Portal()
    yield made
    made.stop()


@pytest.fixture
def site(portal: Portal) -> str:
    return portal.address


def until(page: Page, wanted: Callable[[Page], bool]) -> None:
    """Wait for what the worker does by itself."""
    end = time.monotonic() + PATIENCE
    while not wanted(page):
        assert time.monotonic() < end, page.evaluate(SAVED)
        page.wait_for_timeout(100)


def keeps(*paths: str) -> Callable[[Page], bool]:
    return lambda page: set(page.evaluate(SAVED)) == set(paths)


def again(context: BrowserContext, page: Page, address: str) -> None:
    """Compare now, as the worker does ten minutes after the last time: a restarted worker has forgotten when."""
    session = context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    page.goto(address)


def change(slug: str, **values: Any) -> None:
    """What the portal does when a delivery changed a warning."""

    def work() -> None:
        PublishedWarning.objects.filter(slug=slug).update(**values)
        bake.bake_for(PublishedWarning.objects.get(slug=slug))
        connections.close_all()

    # While Playwright runs, Django takes the test's own thread for an asynchronous one.
    worker = threading.Thread(target=work)
    worker.start()
    worker.join(PATIENCE)


def test_reading_offline_then_a_change_then_a_withdrawal(portal: Portal, site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(locale="vi-VN")
        complaints: list[str] = []
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

        page.goto(f"{site}/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        until(page, keeps("/ngoai-tuyen/", "/canh-bao/mot/", "/canh-bao/hai/"))
        assert complaints == []

        # Without a network: what was saved says so, the rest gives the numbers to call.
        portal.stop()
        page.goto(f"{site}/canh-bao/mot/")
        assert page.locator("h1").inner_text() == "Bài thứ nhất"
        note = page.locator(".offline-note").inner_text()
        assert "Thiết bị đang không có mạng." in note
        assert re.search(r"lúc: \d", note)
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.offline-note')).borderBottomWidth")
            == "3px"
        )
        page.goto(f"{site}/hinh-thuc/")
        assert page.locator("h1").inner_text() == "Đọc khi không có mạng"
        assert page.locator("a[href='tel:113']").first.is_visible()
        page.get_by_role("link", name=re.compile("Bài thứ hai")).click()
        assert page.locator("h1").inner_text() == "Bài thứ hai"

        # The network is back: it is asked first, and what it says replaces what was saved.
        portal.start()
        change("mot", state=PublicState.CORRECTED, note="Sửa số điện thoại")
        page.goto(f"{site}/canh-bao/mot/")
        assert page.locator(".offline-note").count() == 0
        assert page.locator(".notice--corrected").count() == 1
        portal.stop()
        page.goto(f"{site}/canh-bao/mot/")
        assert page.locator(".notice--corrected").count() == 1
        assert page.locator(".offline-note").count() == 1

        # Withdrawn: gone from the device after any page was read with a network, never opened or not.
        portal.start()
        change("hai", state=PublicState.WITHDRAWN, note="Nguồn tin sai")
        again(context, page, f"{site}/canh-bao/")
        until(page, keeps("/ngoai-tuyen/", "/canh-bao/mot/"))
        portal.stop()
        page.goto(f"{site}/canh-bao/hai/")
        assert page.locator("h1").inner_text() == "Đọc khi không có mạng"
        assert "Bài thứ hai" not in page.locator("main").inner_text()
        browser.close()
    portal.start()


def test_the_browser_finds_the_app_fit_to_install(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{site}/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        session = context.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")
        assert manifest["url"] == f"{site}/app.webmanifest"
        assert manifest["errors"] == []
        problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A window without a profile of its own can install nothing; that is the only thing in the way.
        assert {problem["errorId"] for problem in problems} <= {"in-incognito"}
        browser.close()


class Ward:
    """Another site: one page, with whatever line it copied."""

    def __init__(self) -> None:
        self.line = ""
        self.server = make_server("127.0.0.1", 0, self._page, Threaded, Quiet)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self._thread.start()

    def _page(self, _environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [f"<!doctype html><link rel=icon href=data:,><h1>Xã</h1>{self.line}".encode()]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(10)


@pytest.fixture
def ward() -> Iterator[Ward]:
    made = Ward()
    yield made
    made.stop()


def test_another_site_shows_the_frame_and_the_keyboard_reaches_it(site: str, ward: Ward) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 360, "height": 700})
        page = context.new_page()
        page.goto(f"{site}/du-lieu-mo/nhung/")
        ward.line = page.locator("#dong-ma").inner_text().replace(factories.HOST, site)
        page.frame_locator("iframe").get_by_role("link", name="Bài thứ nhất").wait_for()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(ward.address)
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="Bài thứ nhất").wait_for()
        assert complaints == []
        assert context.cookies() == []
        inner = next(found for found in page.frames if found.url.startswith(site))
        assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert inner.evaluate("document.scripts.length") == 0
        reached = []
        for _step in range(4):
            page.keyboard.press("Tab")
            reached.append(inner.evaluate("document.activeElement.textContent"))
        assert {"Bài thứ nhất", "Bài thứ hai"} <= set(reached)

        change("hai", state=PublicState.WITHDRAWN, note="Nguồn tin sai")
        page = browser.new_context().new_page()
        page.goto(ward.address)
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="Bài thứ nhất").wait_for()
        assert frame.get_by_role("link", name="Bài thứ hai").count() == 0

        # Everything else of the portal stays out of frames.
        page.on("console", lambda said: complaints.append(said.text))
        ward.line = f"<iframe src='{site}/'></iframe>"
        page.goto(ward.address)
        page.wait_for_timeout(1000)
        assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in complaints)
        browser.close()
