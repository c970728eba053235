"""A citizen sends a tip and subscribes: on a telephone, with and without a script, without any cookie."""

import email
import email.policy
import re
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Product

STORY = "Có người xưng công an phường gọi điện, bảo tôi cài ứng dụng lạ để nâng cấp VNeID."
CODE = re.compile(r"PA-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def opened(product: Product, page: Page, path: str) -> None:
    # Wide enough for the watch and the first bake of a loaded machine.
    page.set_default_timeout(60_000)
    page.goto(f"{product.url}{path}")


def test_with_a_script_a_tip_takes_one_press(product: Product, phone: BrowserContext) -> None:
    page = phone.new_page()
    opened(product, page, "/phan-anh/")
    page.fill("#chuyen-gi", STORY)
    page.check("#dong-y")
    page.wait_for_function("document.querySelector('input[name=stamp]').value")
    time.sleep(2.5)
    page.get_by_role("button", name="Gửi phản ánh").click()
    code = CODE.search(page.locator(".receipt__code").inner_text())
    assert code
    page.locator("main").get_by_role("link", name="Tra cứu phản ánh").click()
    page.fill("#ma", code[0])
    page.get_by_role("button", name="Tra cứu").click()
    page.get_by_text("Đã tiếp nhận, chờ cán bộ xem.").wait_for()
    assert STORY[:20] not in page.content()
    assert phone.cookies() == []


def test_without_a_script_it_takes_one_page_more_and_loses_nothing(
    product: Product, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    opened(product, page, "/phan-anh/")
    page.fill("#chuyen-gi", STORY)
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_role("link", name="Hãy đánh dấu vào ô đồng ý").click()
    assert page.input_value("#chuyen-gi") == STORY
    page.check("#dong-y")
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_role("heading", name="Xem lại rồi bấm gửi").wait_for()
    time.sleep(3.5)
    page.get_by_role("button", name="Gửi phản ánh").click()
    assert CODE.search(page.locator(".receipt__code").inner_text())
    context.close()


def test_a_subscription_is_confirmed_from_the_mailbox(product: Product, phone: BrowserContext) -> None:
    page = phone.new_page()
    opened(product, page, "/theo-doi/")
    page.fill("#email", "nguoi-dan@keng.example")
    page.check("#dong-y")
    page.wait_for_function("document.querySelector('input[name=stamp]').value")
    time.sleep(2.5)
    page.get_by_role("button", name="Đăng ký").click()
    page.get_by_role("heading", name="Hãy xem hộp thư").wait_for()
    page.goto(_link(product.var / "mail"))
    page.get_by_role("button", name="Đồng ý nhận cảnh báo").click()
    page.get_by_role("heading", name="Từ nay bạn nhận cảnh báo qua email").wait_for()
    assert phone.cookies() == []


def _link(mailbox: Path) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for file in sorted(mailbox.glob("*"), reverse=True):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",)) if letter["To"] == "nguoi-dan@keng.example" else None
            found = re.search(r"http://\S+/xac-nhan/\S+", body.get_content()) if body else None
            if found:
                return found[0]
        time.sleep(0.5)
    raise AssertionError("no letter came")
