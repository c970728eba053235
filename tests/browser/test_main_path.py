"""The product's main job, clicked through: write, submit, return, mend, approve; portal, Facebook, Zalo."""

import re
import time

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Product, sign_in

TITLE = "Giả danh cán bộ thuế yêu cầu cài ứng dụng"
POINTS = {
    "how_it_works": "Gọi điện tự xưng cán bộ thuế, giục cài ứng dụng “quyết toán thuế”.",
    "warning_signs": "Gửi đường dẫn cài ứng dụng qua tin nhắn.",
    "what_to_do": "Tắt máy, gọi lại số chính thức của cơ quan thuế.",
    "if_you_are_a_victim": "Gọi ngay ngân hàng để khóa tài khoản.",
}


def write_warning(page: Page, product: Product, title: str) -> None:
    page.goto(f"{product.url}/admin/duyet/canh-bao/")
    page.get_by_role("link", name=re.compile("Thêm|Tạo")).first.click()
    page.locator("textarea[name=title], input[name=title]").fill(title)
    page.fill("[name=summary]", "Kẻ gian gọi điện, gửi ứng dụng giả để chiếm quyền điện thoại và rút tiền.")
    for name, text in POINTS.items():
        page.locator(f"[name='{name}-0-value']").fill(text)
    page.select_option("[name='sources-0-value-registered']", "cuc-thue")
    page.fill("[name=sample_message]", "Cài ngay https://thue-nop.example để tránh bị phạt")
    page.get_by_role("tab", name="Phân loại").click()
    page.select_option("[name=severity]", "urgent")
    page.select_option("[name=scam_type]", label="Giả danh cơ quan thuế, ứng dụng thuế giả")
    page.select_option("[name=category]", label="Cảnh báo, hướng dẫn")
    page.get_by_label("Người dân", exact=True).check()
    page.get_by_role("tab", name="Kênh", exact=True).click()
    for box in page.locator("input[name=channels]").all():
        box.check()


def submit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Thao tác khác|Xem thêm|Thêm thao tác")).first.click()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Gửi duyệt")).first.click()
    expect(page.get_by_role("heading", name="Kiểm tra trước khi gửi duyệt")).to_be_visible()
    page.get_by_label("Nội dung không thuộc bí mật nhà nước", exact=False).check()
    page.get_by_role("button", name="Gửi duyệt", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("gửi duyệt")


def test_from_draft_to_every_channel(
    desktop: BrowserContext, phone: BrowserContext, product: Product
) -> None:
    editor = sign_in(desktop, product, "bientap")
    complaints: list[str] = []
    editor.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    write_warning(editor, product, TITLE)
    submit(editor)
    assert not complaints

    approver = sign_in(desktop, product, "pheduyet")
    approver.get_by_role("link", name="Xem và quyết định").first.click()
    expect(approver.get_by_text("Đây là chính xác nội dung 7 kênh sẽ nhận")).to_be_visible()
    portal_page = approver.frame_locator(".review__portal")
    expect(portal_page.get_by_text("hxxps://thue-nop[.]example").first).to_be_attached()
    # What is missing is shown where it is missing, however long the page above it is.
    approver.get_by_role("button", name="Trả lại cho người soạn thảo").click()
    expect(approver.get_by_text("Hãy nêu rõ nội dung cần chỉnh sửa")).to_be_in_viewport()
    expect(approver.locator("#id_comment")).to_be_focused()
    portal, whole = approver.locator(".review__window"), approver.get_by_role("button", name="Hiện cả trang")
    expect(whole).to_be_visible()
    assert portal.bounding_box()["height"] <= 640
    whole.click()
    assert portal.bounding_box()["height"] > 1000
    approver.locator("#id_comment").fill("Bổ sung số điện thoại cơ quan thuế.")
    approver.get_by_role("button", name="Trả lại cho người soạn thảo").click()
    expect(approver.locator(".messages")).to_contain_text("Đã trả lại")

    editor = sign_in(desktop, product, "bientap")
    editor.goto(f"{product.url}/admin/duyet/canh-bao/")
    editor.get_by_role("link", name=TITLE, exact=False).first.click()
    editor.fill(
        "[name=summary]", "Kẻ gian gửi ứng dụng thuế giả để rút tiền. Chỉ cài eTax Mobile từ kho chính thức."
    )
    submit(editor)

    approver = sign_in(desktop, product, "pheduyet")
    approver.get_by_role("link", name="Xem và quyết định").first.click()
    approver.get_by_label("Nội dung không thuộc bí mật nhà nước", exact=False).check()
    started = time.monotonic()
    approver.get_by_role("button", name="Duyệt và xuất bản").click()
    approver.wait_for_url("**/ket-qua/**")

    reader = phone.new_page()
    address = f"{product.url}/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"
    while reader.goto(address).status != 200:
        assert time.monotonic() - started < 60
        time.sleep(0.1)
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert reader.locator("a[href*='thue-nop']").count() == 0
    assert reader.evaluate("document.documentElement.scrollWidth") <= 390

    sent = approver.locator("[data-deliveries] tbody tr").filter(has_text="Đã gửi")
    expect(sent).to_have_count(6, timeout=60_000)
    for link in ("Công an tỉnh – Cảnh báo lừa đảo", "Cảnh báo lừa đảo – toàn tỉnh"):
        reader.goto(product.sandbox)
        reader.get_by_role("link", name=link).click()
        expect(reader.get_by_text("Mã: CB-").first).to_be_visible()
        assert reader.locator("article img, .bubble img, main img").count() > 0

    reader.goto(product.url)
    expect(reader.get_by_role("link", name=TITLE).first).to_be_visible()
    reader.goto(f"{product.url}/tim-kiem/?q=can+bo+thue")
    expect(reader.get_by_role("link", name=TITLE).first).to_be_visible()
    reader.goto(f"{product.url}/hinh-thuc/gia-danh-co-quan-thue/")
    expect(reader.get_by_role("link", name=TITLE).first).to_be_visible()


def test_a_lost_session_costs_no_word(desktop: BrowserContext, product: Product) -> None:
    page = sign_in(desktop, product, "bientap")
    write_warning(page, product, "Cảnh báo viết dở khi mất phiên")
    desktop.clear_cookies()
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Phiên làm việc")).to_be_visible()
    assert page.locator("[name=title]").input_value() == "Cảnh báo viết dở khi mất phiên"
    other = desktop.new_page()
    other.goto(f"{product.url}/admin/login/")
    other.fill("input[name=login]", "bientap")
    other.fill("input[name=password]", "keng-demo-2026")
    other.keyboard.press("Enter")
    other.wait_for_url("**/admin/")
    page.get_by_role("button", name="Lưu nháp").click()
    page.wait_for_url("**/edit/")
    assert page.locator("[name=title]").input_value() == "Cảnh báo viết dở khi mất phiên"
