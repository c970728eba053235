"""A citizen sends a tip and subscribes: on a telephone, with and without a script, without any cookie."""

import email
import email.policy
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Product


@dataclass(frozen=True, slots=True)
class Words:
    """What a journey reads and presses in one language."""

    prefix: str
    story: str
    send: str
    follow_up: str
    look_up: str
    received: str
    subscribe: str
    address: str
    look_into_mailbox: str
    confirm: str
    confirmed: str


VIETNAMESE = Words(
    prefix="",
    story="Có người xưng công an phường gọi điện, bảo tôi cài ứng dụng lạ để nâng cấp VNeID.",
    send="Gửi phản ánh",
    follow_up="Tra cứu phản ánh",
    look_up="Tra cứu",
    received="Đã tiếp nhận, chờ cán bộ xem.",
    subscribe="Đăng ký",
    address="nguoi-dan@keng.example",
    look_into_mailbox="Hãy xem hộp thư",
    confirm="Đồng ý nhận cảnh báo",
    confirmed="Từ nay bạn nhận cảnh báo qua email",
)
ENGLISH = Words(
    prefix="/en",
    story="Somebody claiming to be the ward police called and told me to install an unknown app.",
    send="Send the tip",
    follow_up="Check the status of a tip",
    look_up="Check the status",
    received="Received. Nobody has read it yet.",
    subscribe="Subscribe",
    address="resident@keng.example",
    look_into_mailbox="Check your inbox",
    confirm="Yes, send them to me",
    confirmed="From now on you will get our warnings by e-mail",
)
in_each_language = pytest.mark.parametrize("words", [VIETNAMESE, ENGLISH], ids=["vi", "en"])
CODE = re.compile(r"PA-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def opened(product: Product, page: Page, path: str) -> None:
    # Wide enough for the watch and the first bake of a loaded machine.
    page.set_default_timeout(60_000)
    page.goto(f"{product.url}{path}")


@in_each_language
def test_with_a_script_a_tip_takes_one_press(product: Product, phone: BrowserContext, words: Words) -> None:
    page = phone.new_page()
    opened(product, page, f"{words.prefix}/phan-anh/")
    page.fill("#chuyen-gi", words.story)
    page.check("#dong-y")
    expect(page.locator("input[name=stamp]")).not_to_have_value("", timeout=30_000)
    time.sleep(2.5)
    page.get_by_role("button", name=words.send).click()
    code = CODE.search(page.locator(".receipt__code").inner_text())
    assert code
    page.locator("main").get_by_role("link", name=words.follow_up).click()
    page.fill("#ma", code[0])
    page.get_by_role("button", name=words.look_up).click()
    page.get_by_text(words.received).wait_for()
    assert words.story[:20] not in page.content()
    assert phone.cookies() == []


def test_without_a_script_it_takes_one_page_more_and_loses_nothing(
    product: Product, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    opened(product, page, "/phan-anh/")
    page.fill("#chuyen-gi", VIETNAMESE.story)
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_role("link", name="Hãy đánh dấu vào ô đồng ý").click()
    assert page.input_value("#chuyen-gi") == VIETNAMESE.story
    page.check("#dong-y")
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_role("heading", name="Xem lại rồi bấm gửi").wait_for()
    time.sleep(3.5)
    page.get_by_role("button", name="Gửi phản ánh").click()
    assert CODE.search(page.locator(".receipt__code").inner_text())
    context.close()


@in_each_language
def test_a_subscription_is_confirmed_from_the_mailbox(
    product: Product, phone: BrowserContext, words: Words
) -> None:
    page = phone.new_page()
    opened(product, page, f"{words.prefix}/theo-doi/")
    page.fill("#email", words.address)
    page.check("#dong-y")
    expect(page.locator("input[name=stamp]")).not_to_have_value("", timeout=30_000)
    time.sleep(2.5)
    page.get_by_role("button", name=words.subscribe).click()
    page.get_by_role("heading", name=words.look_into_mailbox).wait_for()
    page.goto(_link(product.var / "mail", words.address))
    page.get_by_role("button", name=words.confirm).click()
    page.get_by_role("heading", name=words.confirmed).wait_for()
    assert phone.cookies() == []


def _link(mailbox: Path, address: str) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for file in sorted(mailbox.glob("*"), reverse=True):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",)) if letter["To"] == address else None
            found = re.search(r"http://\S+/xac-nhan/\S+", body.get_content()) if body else None
            if found:
                return found[0]
        time.sleep(0.5)
    raise AssertionError("no letter came")
