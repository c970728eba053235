"""The self-check is changed in its form, approved by somebody else, and then answers citizens in the new words."""

import time

from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Product, sign_in

TITLE = "Người gọi đang giả danh cơ quan nhà nước"


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def unfold(page: Page, number: int) -> None:
    """Block ``number`` (from 1) of the open tab; the first button folds the whole list."""
    page.locator("button[data-panel-toggle]:visible").nth(number).click()


def save(page: Page) -> None:
    with page.expect_navigation(timeout=60_000):
        page.get_by_role("button", name="Lưu").first.click()


def test_the_form_leads_from_a_draft_to_the_public(desktop: BrowserContext, product: Product) -> None:
    assert product.manage("load_information", "--user", "bientap").returncode == 0
    visitor = desktop.new_page()
    visitor.goto(f"{product.url}/kiem-tra/")
    visitor.get_by_text("Phần tự kiểm tra này chưa có").wait_for()
    page = sign_in(desktop, product, "bientap")
    page.goto(f"{product.url}/admin/tu-kiem-tra/")
    page.get_by_role("link", name="Tôi có đang bị lừa không?").click()
    page.wait_for_url("**/noi-dung-cong/*/")
    item = page.url
    page.locator(".decision__edit a").click()
    page.wait_for_url("**/tu-kiem-tra/edit/*/")
    tab(page, "Các câu hỏi")
    unfold(page, 2)
    leads = page.locator("select.leads-to:visible").first
    # What stands on the form right now, in its own words: no code is typed.
    assert leads.locator("optgroup").evaluate_all("all => all.map(one => one.label)") == [
        "Các câu hỏi",
        "Các kết luận",
    ]
    before = leads.input_value()
    leads.select_option("bat-dau")
    save(page)
    tab(page, "Các câu hỏi")
    page.get_by_text("Lối này đi vòng").first.wait_for()
    circle = page.locator("select.leads-to:visible").evaluate_all(
        "all => all.findIndex(one => one.value === 'bat-dau')"
    )
    page.locator("select.leads-to:visible").nth(circle).select_option(before)
    tab(page, "Các kết luận")
    unfold(page, 1)
    page.locator('input[name$="-title"]:visible').first.fill(TITLE)
    save(page)
    assert page.url == item
    page.get_by_label("Nội dung không thuộc bí mật nhà nước").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Gửi duyệt").click()

    approver = sign_in(desktop, product, "pheduyet")
    approver.goto(item)
    approver.frame_locator("iframe.review__portal").get_by_role("heading", name=TITLE).wait_for()
    approver.get_by_label("Nội dung không thuộc bí mật nhà nước").first.check()
    with approver.expect_navigation():
        approver.get_by_role("button", name="Duyệt và xuất bản").click()

    deadline = time.monotonic() + 60
    visitor.goto(f"{product.url}/kiem-tra/gia-danh-co-quan/")
    while visitor.locator("h1").inner_text() != TITLE and time.monotonic() < deadline:
        time.sleep(1)
        visitor.reload()
    assert visitor.locator("h1").inner_text() == TITLE
    visitor.get_by_role("link", name="Tôi có đang bị lừa không?").first.click()
    assert visitor.url == f"{product.url}/kiem-tra/"
