"""Saving a warning while the editor saves it by itself: there is one warning afterwards, with every word."""

import json

from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Product, sign_in
from tests.browser.test_main_path import write_warning


def slugs(product: Product, title: str) -> list[str]:
    """Of all warnings of that title."""
    code = (
        "import json; from scam_warnings.models import ScamWarningPage as P; "
        f"print(json.dumps(list(P.objects.filter(title={title!r}).values_list('slug', flat=True))))"
    )
    reply = product.manage("shell", "--no-imports", "-c", code)
    assert reply.returncode == 0, reply.stderr
    return json.loads(reply.stdout.splitlines()[-1])


def save(page: Page) -> None:
    with page.expect_response(
        lambda reply: reply.request.is_navigation_request() and reply.request.method == "POST", timeout=60_000
    ) as saved:
        page.get_by_role("button", name="Lưu nháp").first.click()
    assert saved.value.status == 302
    page.get_by_text("Đã cập nhật trang").or_(page.get_by_text("Đã tạo trang")).first.wait_for(timeout=60_000)


def typed(page: Page, words: str) -> None:
    """Typed, and saved by itself."""
    with page.expect_response(
        lambda reply: "/edit/" in reply.url and reply.request.method == "POST", timeout=60_000
    ) as saved:
        page.fill("[name=summary]", words)
    assert saved.value.json()["success"]


SLOW_REPLIES = """
const real = window.fetch;
window.saves = 0;
window.fetch = async (address, options) => {
    const reply = await real(address, options);
    if (options?.method?.toUpperCase() === "POST" && /admin.pages/.test(address)) {
        window.saves += 1;
        await new Promise((resolve) => { setTimeout(resolve, 4000); });
    }
    return reply;
};
"""


def test_saved_by_hand_while_it_is_being_saved_it_exists_once(
    desktop: BrowserContext, product: Product
) -> None:
    title = "Giả danh bưu điện khi máy chủ chậm"
    page = sign_in(desktop, product, "bientap")
    page.add_init_script(SLOW_REPLIES)
    write_warning(page, product, title)
    for _try in range(20):
        # Wagtail looks for changes from a moment after the page was opened.
        page.locator("input[name=channels]").last.click()
        page.wait_for_timeout(700)
        if page.evaluate("window.saves"):
            break
    save(page)
    assert slugs(product, title) == ["gia-danh-buu-dien-khi-may-chu-cham"]


def test_saved_by_hand_at_once_it_exists_once(desktop: BrowserContext, product: Product) -> None:
    title = "Giả danh ngân hàng lưu ngay sau khi gõ"
    page = sign_in(desktop, product, "bientap")
    write_warning(page, product, title)
    save(page)
    assert slugs(product, title) == ["gia-danh-ngan-hang-luu-ngay-sau-khi-go"]


def test_what_saved_itself_is_saved_by_hand_as_well_and_an_old_tab_is_not(
    desktop: BrowserContext, product: Product
) -> None:
    page = sign_in(desktop, product, "bientap")
    write_warning(page, product, "Giả danh điện lực dọa cắt điện")
    save(page)
    old = desktop.new_page()
    old.goto(page.url)
    # Wagtail looks for changes from a moment after the page was opened.
    page.wait_for_timeout(3000)
    typed(page, "Một.")
    typed(page, "Hai.")
    save(page)
    page.wait_for_timeout(3000)
    typed(page, "Ba.")
    save(page)
    assert page.input_value("[name=summary]") == "Ba."

    old.fill("[name=summary]", "Của tab cũ.")
    old.wait_for_timeout(3000)
    # As a script that did not load would do it: nothing in the page holds it back.
    with old.expect_navigation() as refused:
        old.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('form[data-edit-form]'))")
    assert refused.value.status == 409
    assert old.get_by_text("Chưa lưu: bạn đã lưu một bản mới hơn ở cửa sổ khác").is_visible()
    assert old.input_value("[name=summary]") == "Của tab cũ."
    page.reload()
    assert page.input_value("[name=summary]") == "Ba."
