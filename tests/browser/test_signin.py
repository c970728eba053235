"""Signing in as a person does: a passkey of the device, an authenticator app, an invitation from the mailbox."""

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Product
from tests.signin.people import app_code

PASSWORD = "ba con mèo ngủ trên mái tôn"
MAKE = """
from django.contrib.auth import get_user_model
from cms.users import memberships, units
made, _new = get_user_model().objects.get_or_create(username={name!r}, defaults={{"email": {name!r} + "@keng.example"}})
made.set_password({password!r})
made.save()
memberships.record(made, {role!r}, units.province())
"""
REMOVE = """
from django.contrib.auth import get_user_model
get_user_model().objects.filter(username__startswith="thu-").update(is_active=False)
"""


@pytest.fixture
def at(product: Product) -> str:
    """The installation under a name: browsers give no passkeys to bare addresses."""
    return product.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def approver(product: Product, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"thu-{request.node.name[:20].replace('_', '-').replace('[', '')}"
    done = product.manage("shell", "-c", MAKE.format(name=name, password=PASSWORD, role="approver"))
    assert done.returncode == 0, done.stderr
    yield name
    product.manage("shell", "-c", REMOVE)


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console complains about: a violated policy would be there."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def enter(page: Page, at: str, name: str) -> None:
    page.goto(f"{at}/admin/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def give_a_fingerprint_reader(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_set_up_and_signs_in_alone(phone: BrowserContext, at: str, approver: str) -> None:
    page, complaints = watched(phone)
    give_a_fingerprint_reader(phone, page)
    enter(page, at, approver)
    page.wait_for_url("**/bao-mat/thiet-lap/**")
    page.get_by_role("link", name="Thiết lập khóa truy cập").click()
    page.get_by_role("button", name="Thiết lập").click()
    page.wait_for_url("**/ma-du-phong/")
    assert len(page.locator(".signin__codes li").all()) == 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Tôi đã lưu mã").click()
    page.wait_for_url("**/admin/")

    page.goto(f"{at}/admin/bao-mat/")
    page.get_by_role("button", name="Đăng xuất mọi nơi, kể cả ở đây").click()
    page.wait_for_url("**/admin/login/**")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    page.wait_for_url("**/admin/")

    # As the second step after the password it works as well.
    page.goto(f"{at}/admin/logout/")
    page.get_by_role("button", name="Đăng xuất").click()
    enter(page, at, approver)
    page.wait_for_url("**/xac-thuc/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url("**/admin/")
    assert complaints == []


def test_an_app_is_set_up_by_its_key(desktop: BrowserContext, at: str, approver: str) -> None:
    page, complaints = watched(desktop)
    enter(page, at, approver)
    page.wait_for_url("**/bao-mat/thiet-lap/**")
    page.get_by_role("link", name="Thiết lập ứng dụng").click()
    drawn = page.locator(".signin__qr")
    assert drawn.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    page.locator(".signin__key summary").click()
    secret = re.sub(r"\s", "", page.locator(".signin__secret").inner_text())
    page.fill("input[name=code]", app_code(secret))
    page.get_by_role("button", name="Hoàn tất").click()
    page.wait_for_url("**/ma-du-phong/")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Lưu thành tệp").click()
    codes = re.findall(r"^\d{8}\r?$", Path(kept.value.path()).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(codes) == 10
    page.get_by_role("link", name="Tôi đã lưu mã").click()
    page.wait_for_url("**/admin/")
    assert complaints == []


def test_a_password_can_be_shown(desktop: BrowserContext, at: str) -> None:
    page, _complaints = watched(desktop)
    page.goto(f"{at}/admin/login/")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Hi").first.click()
    assert page.locator("input[name=password]").get_attribute("type") == "text"


def test_an_invitation_is_followed_from_the_mailbox(
    product: Product, desktop: BrowserContext, phone: BrowserContext, at: str
) -> None:
    from tests.browser.conftest import sign_in

    page = sign_in(desktop, product, "quantri")
    page.goto(f"{product.url}/admin/nguoi-dung/moi/")
    page.fill("input[name=last_name]", "Vũ Thị")
    page.fill("input[name=first_name]", "Mai")
    page.fill("input[name=email]", "thu-mai@keng.example")
    page.fill("input[name=username]", "thu-mai")
    page.get_by_role("button", name="Gửi lời mời").click()
    page.get_by_text("Đã gửi liên kết đến thu-mai@keng.example").wait_for()

    link = _link_to("thu-mai@keng.example", product.var / "mail")
    guest, complaints = watched(phone)
    guest.goto(link)
    guest.wait_for_url("**/loi-moi/")
    assert guest.input_value("input[name=last_name]") == "Vũ Thị"
    guest.fill("input[name=password1]", PASSWORD)
    guest.get_by_role("button", name="Mở tài khoản của tôi").click()
    guest.wait_for_url("**/admin/login/")
    assert complaints == []
    product.manage("shell", "-c", REMOVE)


def _link_to(address: str, mailbox: Path) -> str:
    for file in sorted(mailbox.iterdir(), reverse=True):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if letter["To"] == address:
            found = re.search(r"https?://\S+/loi-moi/\S+", letter.get_content())
            assert found
            return found[0]
    raise AssertionError(f"no mail to {address}")
