"""«Tôi có đang bị lừa không?»: every way ends honestly, by plain links; a pasted message goes nowhere."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.test import Client

import pytest
from playwright.sync_api import sync_playwright

from cms.information import seed
from cms.information.selfcheck.blocks import Verdict
from cms.portal import bake
from cms.portal.selfcheck import content
from cms.portal.selfcheck.content import SelfCheck
from scam_warnings.seed import read_data
from scam_warnings.snapshot import Named
from tests.information.factories import published, written
from tests.portal import factories, stopped

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NODE = shutil.which("node")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def check(lan: Any, minh: Any) -> SelfCheck:
    """The self-check of the product, approved."""
    published(written(seed.self_check(), lan), lan, minh)
    found = content.self_check()
    assert found is not None
    return found


def links(page: str) -> list[str]:
    return re.findall(r'class="choice" href="([^"]+)"', page)


def test_every_way_ends_in_an_outcome_with_next_steps_and_a_call(client: Client, check: SelfCheck) -> None:
    seen: set[str] = set()
    ahead = ["/kiem-tra/"]
    ends = 0
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies
        page = response.text
        assert "<script>" not in page
        choices = links(page)
        if not choices:
            ends += 1
            assert 'href="tel:113"' in page
            assert "Việc cần làm ngay" in page
        ahead += choices
    assert ends == len(check.outcomes)
    assert {outcome.verdict for outcome in check.outcomes.values()} == set(Verdict.values)


def test_honest_when_nothing_is_known(client: Client) -> None:
    assert "không có nghĩa là an toàn" in client.get("/kiem-tra/khong-co-trong-kho/").text


def test_an_outcome_shows_the_warnings_about_it(client: Client) -> None:
    factories.publish(
        factories.snapshot(
            "Công an giả gọi điện", scam_type=Named("gia-danh-cong-an-vks-toa-an", "Giả danh công an")
        )
    )
    assert "Công an giả gọi điện" in client.get("/kiem-tra/gia-danh-co-quan/").text


def test_the_types_it_names_exist(check: SelfCheck) -> None:
    known = {item["key"] for item in read_data("taxonomy.json")["scam_types"]}
    assert {key for outcome in check.outcomes.values() for key in outcome.types} <= known


def test_unknown_steps_answer_404(client: Client) -> None:
    for path in (
        "/kiem-tra/khong-co/",
        "/kiem-tra/bat-dau/",
        "/kiem-tra/%00/",
        "/kiem-tra/tin-nhan/khac.json",
    ):
        assert client.get(path).status_code == 404


def test_all_of_it_is_baked(portal_root: Path, check: SelfCheck) -> None:
    bake.bake_everything()
    for key in {*check.questions, *check.outcomes} - {check.start.key}:
        assert (portal_root / f"kiem-tra/{key}/index.html").exists()
    assert (portal_root / "kiem-tra/tin-nhan/du-lieu.json").exists()


def match(texts: list[str], index: Path) -> list[dict[str, Any]]:
    script = (
        "const m=require(process.argv[1]);const f=require('fs');const i=JSON.parse(f.readFileSync(process.argv[2]));"
        "process.stdout.write(JSON.stringify(JSON.parse(f.readFileSync(0)).map(t=>m.match(t,i))))"
    )
    module = Path(content.__file__).parents[1] / "static/portal/selfcheck/matching.js"
    made = subprocess.run(
        [NODE, "-e", script, str(module), str(index)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(made.stdout)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the finished pages of ``seeded`` are, once they were written."""
    return tmp_path_factory.mktemp("seeded") / "portal"


@pytest.fixture
def seeded(portal_root: Path, kept: Path) -> Path:
    """The 32 demonstration warnings as public ones; the pages alone, from the second test on."""
    index = portal_root / "kiem-tra/tin-nhan/du-lieu.json"
    if kept.exists():
        shutil.copytree(kept, portal_root)
        return index
    names = {item["key"]: item["name_vi"] for item in read_data("taxonomy.json")["scam_types"]}
    factories.publish_all(
        (
            factories.snapshot(
                item["title"],
                slug=item["key"],
                reference=f"CB-2026-{number:05d}",
                summary=item["summary"],
                scam_type=Named(item["scam_type"], names[item["scam_type"]]),
                how_it_works=tuple(item["how_it_works"]),
                warning_signs=tuple(item["warning_signs"]),
                sample_message=item["sample_message"],
            ),
            None,
        )
        for number, item in enumerate(read_data("warnings.json"), 1)
    )
    bake.bake_everything()
    shutil.copytree(portal_root, kept)
    return index


@pytest.mark.skipif(NODE is None, reason="no Node found: apt install nodejs")
def test_sample_messages_are_recognised_and_ordinary_ones_are_not(seeded: Path) -> None:
    items = read_data("warnings.json")
    found = match([item["sample_message"] for item in items], seeded)
    missed = [
        item["key"]
        for item, one in zip(items, found, strict=True)
        if item["key"] not in [warning["slug"] for warning in one["warnings"]]
    ]
    assert missed == []
    assert [one["verdict"] for one in found].count("clear") >= 0.9 * len(found)
    ordinary = [
        "Mẹ ơi chiều nay con về muộn, mẹ nấu cơm trước nhé",
        "Chào anh, cuộc họp dời sang 14 giờ thứ năm tại phòng 302",
        "Nhà mình còn gạo không để em mua",
        "Lớp 5A mai học buổi chiều, phụ huynh cho con mang áo mưa",
        "Chúc mừng sinh nhật bạn, hẹn gặp cuối tuần ở quán cũ",
        "",
        "a",
    ]
    assert [one["verdict"] for one in match(ordinary, seeded)] == ["none"] * len(ordinary)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium")
def test_nothing_leaves_the_device(seeded: Path) -> None:
    with stopped.portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{address}/kiem-tra/tin-nhan/")
        page.wait_for_load_state("networkidle")
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.get_by_label("Nội dung tin nhắn").fill(
            "Em bên Cục Công an, chị liên quan vụ án rửa tiền, chuyển tiền ngay vào tài khoản và giữ bí mật"
        )
        page.get_by_role("button", name="Kiểm tra").click()
        page.locator(".told--clear").wait_for()
        assert page.locator(".signs li").count() >= 3
        page.get_by_label("Nội dung tin nhắn").fill("Trưa nay ăn gì")
        page.get_by_role("button", name="Kiểm tra").click()
        page.locator(".told--none").wait_for()
        assert "không có nghĩa là an toàn" in page.locator(".told").inner_text()
        page.wait_for_timeout(300)
        assert requests == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{address}/kiem-tra/tin-nhan/")
        assert plain.get_by_label("Nội dung tin nhắn").is_hidden()
        plain.get_by_role("main").get_by_role("link", name="Tôi có đang bị lừa không?").last.click()
        plain.locator(".choice").first.click()
        plain.locator(".choice").first.click()
        assert "dấu hiệu rõ" in plain.locator("h1").inner_text()
        browser.close()
    assert complaints == []
