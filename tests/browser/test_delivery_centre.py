"""The delivery centre and an operator's phone, as people use them: filter, retry, stop everything, post by hand."""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Product, sign_in

TITLE = "Giả danh nhân viên điện lực để kiểm thử trung tâm phát tin"
# One process for everything an editor and an approver do: the pages they use have tests of their own.
SIGN = f"""
from django.contrib.auth import get_user_model
from cms.editorial import approval
from cms.editorial.drafting import create_warning
from publishers.models import Operator
from publishers.assisted.links import operator_link
from scam_warnings.seed import read_data
user = get_user_model().objects.get
row = next(dict(r) for r in read_data("warnings.json") if r["key"] == "gia-danh-nhan-vien-dien-luc")
row.pop("published_on")
page, _ = create_warning(row | dict(key="kiem-thu-trung-tam", title="{TITLE}"), user(username="bientap"))
state = approval.submit(page, user(username="bientap"), not_secret=True)
seal = approval.under_review(state).seal
release = approval.approve(state, user(username="pheduyet"), seen_seal=seal, not_secret=True)
print("MADE", release.pk, operator_link(Operator.objects.get()))
"""


@dataclass(frozen=True)
class Made:
    """A release of which one Facebook page refused the post, and the operator's link."""

    url: str
    operator: str


@pytest.fixture(scope="module")
def made(product: Product) -> Iterator[Made]:
    fault = {"mode": "refuse", "api": "graph", "operation": "post_feed", "code": 100, "message": "Invalid"}
    control(product, "POST", [fault, {**fault, "operation": "post_photos"}])
    done = product.manage("shell", "-c", SIGN)
    found = re.search(r"MADE (\d+) (\S+)", done.stdout)
    assert found, done.stdout + done.stderr
    yield Made(f"{product.url}/admin/phat-hanh/dot/{found[1]}/", found[2])
    control(product, "DELETE")


def control(product: Product, method: str, body: object = None) -> None:
    """Plan faults of the sandbox, or clear them."""
    request = urllib.request.Request(
        f"{product.sandbox}/_ctl/fault",
        method=method,
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=5).close()


def test_the_release_lists_its_channels_by_state_and_a_failed_one_is_sent_again(
    desktop: BrowserContext, product: Product, made: Made
) -> None:
    page = sign_in(desktop, product, "quantri")
    page.goto(f"{product.url}/admin/phat-hanh/")
    page.get_by_role("link", name=re.compile(TITLE)).click()
    expect(page).to_have_url(made.url)
    expect(page.locator(".centre__tile--failed strong")).to_have_text("1", timeout=30_000)
    expect(page.locator(".centre__tile--awaiting_person strong")).to_have_text("1")
    expect(page.locator("[data-release] tbody tr")).to_have_count(7)

    page.get_by_label("Trạng thái").select_option(label="Gửi không thành công")
    page.get_by_role("button", name="Lọc", exact=True).click()
    failed = page.locator("[data-release] tbody tr")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("Trang Facebook")
    expect(failed).to_contain_text("Facebook từ chối")
    control(product, "DELETE")
    failed.get_by_role("link", name=re.compile("^Gửi lại")).click()
    page.get_by_label("Lý do").fill("Facebook đã nhận lại bài.")
    page.get_by_role("button", name="Gửi lại").click()

    page.goto(f"{made.url}?kind=facebook_page")
    shown = page.locator("[data-release] tbody tr").filter(has_text=re.compile("Đã gửi"))
    expect(shown).to_have_count(2, timeout=30_000)


def test_everything_is_stopped_and_goes_on(desktop: BrowserContext, product: Product, made: Made) -> None:
    page = sign_in(desktop, product, "quantri")
    page.goto(made.url)
    page.get_by_role("link", name="Dừng tất cả").click()
    page.get_by_label("Lý do").fill("Nội dung cần xem lại.")
    page.get_by_role("button", name="Dừng tất cả").click()
    banner = page.get_by_role("alert").filter(has_text="Mọi lượt gửi đang dừng.")
    expect(banner).to_contain_text("Nội dung cần xem lại.")
    try:
        page.goto(f"{product.url}/admin/")
        expect(banner).to_be_visible()
        page.goto(made.url)
        expect(page.get_by_role("link", name="Dừng tất cả")).to_have_count(0)
    finally:
        # Later tests need a moving engine.
        page.get_by_role("button", name="Tiếp tục gửi").click()
    expect(page.locator(".messages")).to_contain_text("tiếp tục")
    page.goto(f"{product.url}/admin/")
    page.wait_for_load_state("networkidle")
    expect(banner).to_have_count(0)


def test_sent_is_pressed_without_a_network_and_arrives_with_it(
    browser: Browser, product: Product, made: Made
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", is_mobile=True, has_touch=True
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(made.operator)
    task = page.get_by_role("link", name=re.compile(TITLE))
    for _try in range(60):
        if task.count():
            break
        page.wait_for_timeout(300)
        page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    task.click()
    expect(page.locator("[data-text]")).to_contain_text("điện lực")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # A page is kept for later from the moment on at which the worker answers for it.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.locator("[data-copy]")).to_be_visible()

    context.set_offline(True)
    page.get_by_role("button", name="Đã gửi").click()
    expect(page.locator("[data-said]")).to_contain_text("Hệ thống sẽ gửi ngay khi có mạng")
    page.reload()
    expect(page.get_by_role("button", name="Đã gửi")).to_be_visible()
    # Neither the page nor the worker reaches the server: what was shown came from what the phone keeps.
    for address in ("/healthz", "/viec/chua-mo/"):
        reached = page.evaluate("(url) => fetch(url).then(() => true, () => false)", address)
        assert not reached, address
    context.set_offline(False)
    expect(page.get_by_role("status").filter(has_text="Đã gửi lúc")).to_be_visible()
    page.get_by_role("link", name="Mọi nhóm").click()
    expect(page.get_by_role("link", name=re.compile("✓"))).to_have_count(1)
    context.close()
