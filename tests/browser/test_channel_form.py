"""The form of a channel shows what the chosen kind needs, and everything where no script runs."""

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Product, sign_in


def test_only_the_settings_of_the_chosen_kind_are_shown(desktop: BrowserContext, product: Product) -> None:
    page = sign_in(desktop, product, "quantri")
    page.goto(f"{product.url}/admin/kenh/new/")
    expect(page.locator("[name=remote_id]")).to_be_hidden()
    page.get_by_label("Loại").select_option(label="Do người đăng")
    expect(page.get_by_label("Tên ngắn của nhóm")).to_be_visible()
    expect(page.get_by_label("Nơi đăng", exact=True)).to_be_visible()
    expect(page.get_by_label("Người đăng", exact=True)).to_be_visible()
    for name in ("credential", "option-webhook-url", "reports_foreign"):
        expect(page.locator(f"[name={name}]")).to_be_hidden()
    page.get_by_label("Loại").select_option(label="Trang Facebook")
    expect(page.get_by_label("Mã trang", exact=True)).to_be_visible()
    expect(page.locator("[name=credential]")).to_be_visible()
    expect(page.locator("[name=operator]")).to_be_hidden()


def test_without_a_script_every_setting_is_there(browser: Browser, product: Product) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = sign_in(context, product, "quantri")
    page.goto(f"{product.url}/admin/kenh/new/")
    for name in ("remote_id", "credential", "operator", "option-webhook-url", "option-assisted-platform"):
        expect(page.locator(f"[name={name}]")).to_be_visible()
    context.close()
