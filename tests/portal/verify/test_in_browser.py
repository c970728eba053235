"""Verifying with everything stopped but the web server: the same answers, and nothing typed leaves the device."""

import shutil
from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright
from pytest_django import Settings

from cms.portal import bake
from tests.portal import factories, stopped

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


def test_finished_files_answer(settings: Settings) -> None:
    with stopped.portal() as address, ExitStack() as later:
        settings.PUBLIC_URL = address
        factories.publish(
            factories.snapshot("Giả danh cán bộ thuế gọi điện", slug="thue", reference="CB-2026-00001")
        )
        factories.publish(
            factories.snapshot(
                "Việc nhẹ lương cao",
                slug="viec",
                reference="CB-2026-00002",
                english=factories.english("Well-paid online jobs that cost you"),
            )
        )
        bake.bake_everything()
        complaints: list[str] = []
        # Its event loop and the database do not go together: the pages are finished by now.
        playwright = later.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        page.on(
            "console", lambda message: complaints.append(message.text) if "503" not in message.text else None
        )

        def verdicts(text: str) -> list[str]:
            page.goto(f"{address}/xac-minh/")
            page.get_by_label("Mã, địa chỉ hoặc nội dung").fill(text)
            page.get_by_role("button", name="Xác minh").click()
            page.locator("[data-findings] [data-finding]").first.wait_for()
            return page.locator("[data-findings] [data-finding]").evaluate_all(
                "all => all.map(one => one.dataset.finding)"
            )

        assert verdicts("Mã CB-2026-00001") == ["ours"]
        assert page.locator("[data-signed]").is_visible()
        assert "Giả danh cán bộ thuế gọi điện" in page.locator("[data-findings]").inner_text()
        assert verdicts(f"{address}/canh-bao/thue/") == ["ours"]
        assert verdicts("CB-2026-77777") == ["unknown-code"]
        assert verdicts(f"{address}/canh-bao/khong-co/") == ["unknown-page"]
        assert verdicts("gia danh can bo thue goi dien!") == ["ours"]
        assert verdicts("https://lua.example/nhan-qua") == ["strange-address"]
        assert verdicts("xin chào") == ["nothing"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # From a leaflet's link, with the finished page alone.
        page.goto(f"{address}/xac-minh/?q=CB-2026-00001")
        page.locator("[data-finding=ours]").wait_for()

        def in_english(text: str) -> tuple[str, str, str]:
            page.goto(f"{address}/en/xac-minh/")
            page.get_by_label("Code, address or text").fill(text)
            page.get_by_role("button", name="Verify").click()
            link = page.locator("[data-findings] [data-link]")
            link.wait_for()
            heading = page.locator("[data-findings] h2").inner_text().strip()
            return heading, link.inner_text(), str(link.get_attribute("href"))

        spoken = ("This is ours", "Well-paid online jobs that cost you", "/en/canh-bao/viec/")
        assert in_english("CB-2026-00002") == spoken
        assert in_english("Careful: WELL-PAID ONLINE JOBS THAT COST YOU!") == spoken
        assert in_english("Việc nhẹ lương cao, việc nhẹ lương cao") == spoken
        assert in_english(f"{address}/en/canh-bao/viec/") == spoken
        assert page.locator("[data-signed]").is_visible()
        other = ("This is ours", "Giả danh cán bộ thuế gọi điện", "/canh-bao/thue/")
        assert in_english("CB-2026-00001") == other
        assert page.locator("[data-findings] [data-link]").get_attribute("lang") == "vi"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        browser.close()
    assert complaints == []
