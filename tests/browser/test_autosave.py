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
    with page.expect_navigation(timeout=60_000):
        page.get_by_role("button", name="Lưu nháp").first.click()


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
