"""Searching with everything stopped but the web server, and without a script."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from cms.portal import bake
from tests.portal import factories, stopped

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium"),
]


def test_the_finished_page_answers_by_itself() -> None:
    for place, title in enumerate(["Giả danh bưu điện", "Vé máy bay rẻ", "Bưu điện <b>giả</b> mạo"]):
        factories.publish(factories.snapshot(title, slug=f"so-{place}", reference=f"CB-2026-0080{place}"))
    factories.many(14, summary="Chuyển khoản đặt cọc.")
    bake.bake_everything()
    factories.publish(factories.snapshot("Bưu điện mới nhất", slug="moi", reference="CB-2026-00809"))
    complaints: list[str] = []
    referrers: list[Any] = []
    with stopped.portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on(
            "request",
            lambda request: (
                referrers.append(request.headers.get("referer", "")) if ".json" in request.url else None
            ),
        )
        page.goto(f"{address}/tim-kiem/")
        assert page.locator("[data-advice]").is_visible()
        page.locator("#q").type("buu dien", delay=20)
        page.get_by_role("status").get_by_text("3 kết quả cho “buu dien”").wait_for()
        found = page.locator(".result__title").all_text_contents()
        assert [title.strip() for title in found] == [
            "Bưu điện mới nhất",
            "Bưu điện <b>giả</b> mạo",
            "Giả danh bưu điện",
        ]
        assert page.locator("[data-advice]").is_hidden()
        assert "q=buu+dien" in page.url

        page.goto(f"{address}/tim-kiem/?q=lua+dao&muc=caution")
        page.get_by_role("status").get_by_text("14 kết quả").wait_for()
        assert page.locator(".result").count() == 12
        page.get_by_role("button", name="Xem thêm kết quả").click()
        page.locator(".result").nth(13).wait_for()
        assert page.evaluate("document.activeElement.closest('.result') !== null")

        page.locator("#q").fill("CB-2026-00801")
        page.get_by_role("status").get_by_text("1 kết quả").wait_for()
        assert page.locator(".result__title").inner_text() == "Vé máy bay rẻ"
        page.locator(".result__title a").click()
        page.wait_for_url("**/canh-bao/so-1/")

        page.goto(f"{address}/tim-kiem/")
        page.locator("#q").fill("zzzz qqqq")
        page.get_by_role("status").get_by_text("Không có kết quả phù hợp").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        browser.close()
    assert complaints == []
    # No request tells the address of the page, which says what was looked for.
    assert set(referrers) == {""}


def test_a_search_that_cannot_be_loaded_says_so_and_the_form_still_asks() -> None:
    factories.publish(factories.snapshot("Giả danh bưu điện", slug="so-1", reference="CB-2026-00801"))
    bake.bake_everything()
    with stopped.portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        page.route("**/core*.js", lambda route: route.abort())
        page.goto(f"{address}/tim-kiem/")
        page.locator("#q").type("buu dien", delay=20)
        failed = page.get_by_role("status").get_by_text("Chưa tải được phần tìm kiếm")
        failed.wait_for()
        assert page.locator("[data-advice]").is_visible()
        # Whoever answers the form then: here nobody, so the finished page comes again with what was typed.
        page.locator("#q").press("Enter")
        page.wait_for_url("**/tim-kiem/?q=buu+dien**")
        failed.wait_for()
        assert page.locator("#q").input_value() == "buu dien"
        page.unroute("**/core*.js")
        page.locator("#q").type("s", delay=20)
        page.locator("#q").press("Backspace")
        page.get_by_role("status").get_by_text("1 kết quả cho “buu dien”").wait_for()
        browser.close()
