"""Connecting an account as an administrator does: consent at Zalo in the browser, and back."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in


def open_connection(page: Page, product: Product, kind: str) -> None:
    """The page on which the first account of this kind is connected."""
    page.goto(f"{product.url}/admin/tai-khoan/")
    row = page.locator("table.listing tbody tr").filter(has_text=kind).first
    row.get_by_role("link", name=re.compile("^Kết nối lại")).click()


def test_an_official_account_is_connected_by_consent_in_the_browser(
    desktop: BrowserContext, product: Product
) -> None:
    page = sign_in(desktop, product, "quantri")
    open_connection(page, product, "Zalo")
    address = page.get_by_label("Địa chỉ quay về (Callback URL)").input_value()
    assert address == f"{product.url}/admin/phat-hanh/ket-noi/zalo/ve/"
    page.get_by_role("button", name="Kết nối với Zalo").click()
    page.wait_for_url(f"{product.sandbox}/zalo-oauth/**")
    page.get_by_role("button").click()
    page.wait_for_url(f"{product.url}/admin/**")
    expect(page.locator(".messages")).to_contain_text("Đã kết nối")
    expect(page.locator(".messages")).to_contain_text("hoạt động")
    assert "sandbox-" not in page.content()
    # Going back sends the same code again: it is used up, and nothing changes.
    page.go_back()
    page.go_forward()
    expect(page.locator("body")).not_to_contain_text("sandbox-access")
