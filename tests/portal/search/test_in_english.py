"""The search among the warnings that have an English version: the same rules, in the words of that version."""

import json
import shutil
from pathlib import Path

from django.test import Client

import pytest
from playwright.sync_api import sync_playwright

from cms.portal import bake, search
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.search import memory
from scam_warnings.models import ScamWarningPage
from scam_warnings.snapshot import Named
from tests.portal import factories, stopped
from tests.portal.search.test_parity import NODE, in_browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.django_db

ENGLISH = (
    factories.english("Fake police call about a parcel", severity="Urgent warning"),
    factories.english("Fake police officers on video calls", summary="They show a badge and ask for money."),
    factories.english(
        "Well-paid online jobs", scam_type="Fake jobs", summary="You pay first, the police never call you."
    ),
)


def publish_all() -> list[int]:
    """Three warnings in both languages, the last one the newest, and one in Vietnamese only."""
    factories.publish(factories.snapshot("Chỉ tiếng Việt", slug="chi-viet", reference="CB-2026-00700"))
    for place, said in enumerate(ENGLISH):
        factories.publish(
            factories.snapshot(
                f"Bản số {place}",
                slug=f"so-{place}",
                reference=f"CB-2026-0080{place}",
                severity=Named("urgent", "Cảnh báo khẩn") if place == 0 else Named("caution", "Cảnh báo"),
                scam_type=Named("viec", "Việc làm giả") if place == 2 else Named("thue", "Giả danh thuế"),
                english=said,
            )
        )
    rows = search.ENGLISH_ONES.rows().order_by("pk")
    return list(rows.values_list("pk", flat=True))


def titles(client: Client, **asked: str) -> list[str]:
    text = client.get("/en/tim-kiem/", asked).text
    part = text[text.index("data-results>") :].split("</ul>")[0]
    return [piece.split(">", 1)[1].split("<")[0] for piece in part.split('result__title"><a')[1:]]


def test_english_words_find_english_pages_and_nothing_else(client: Client) -> None:
    publish_all()
    assert titles(client, q="fake police") == [ENGLISH[1].title, ENGLISH[0].title, ENGLISH[2].title]
    assert titles(client, q="police parcel") == [ENGLISH[0].title]
    assert titles(client, q="POLICE") == [ENGLISH[1].title, ENGLISH[0].title, ENGLISH[2].title]
    assert titles(client, q="polise parcel") == [ENGLISH[0].title]
    assert titles(client, q="CB-2026-00802") == [ENGLISH[2].title]
    assert titles(client, muc="urgent") == [ENGLISH[0].title]
    assert titles(client, loai="viec") == [ENGLISH[2].title]
    assert titles(client, q="tieng viet") == titles(client, q="ban so") == []
    page = client.get("/en/tim-kiem/?q=police").text
    assert '<html lang="en"' in page
    assert 'href="/en/canh-bao/so-0/"' in page
    for words in ("3 results for “police”", ">Urgent warning<", ">Fake jobs<", ">Everybody<"):
        assert words in page
    # The other language keeps to its own words.
    assert "Không có kết quả" in client.get("/tim-kiem/?q=police").text


def test_both_searches_name_each_other_and_nothing_asked_is_kept(client: Client) -> None:
    publish_all()
    for path, other in (("/tim-kiem/", "/en/tim-kiem/"), ("/en/tim-kiem/", "/tim-kiem/")):
        page = client.get(path)
        assert f'href="http://127.0.0.1:8000{other}"' in page.text
        assert client.get(f"{path}?q=police")["Cache-Control"] == "private, no-store"
    assert "Disallow: /en/tim-kiem/?" in client.get("/robots.txt").text


@pytest.mark.skipif(NODE is None, reason="no Node found: apt install nodejs")
def test_the_browser_finds_the_same_in_english(portal_root: Path) -> None:
    publish_all()
    bake.bake_everything()
    publish_late()
    queries = (
        "police",
        "fake police",
        "polic",
        "polise parcel",
        "money",
        "job",
        "9999",
        "call you first",
        "zzz",
    )
    asked = [
        (query, filters) for query in queries for filters in ({}, {"type": "thue"}, {"severity": "urgent"})
    ]
    names = {"type": "loai", "severity": "muc"}
    steps = set()
    for (query, filters), theirs in zip(asked, in_browser(portal_root, asked, "en"), strict=True):
        narrowed = search.parse_filters({names[name]: value for name, value in filters.items()})
        ours = search.find(search.parse(query), 0, 50, narrowed, search.ENGLISH_ONES)
        assert theirs["ids"] == theirs["rows"] == [row.pk for row in ours.warnings], (query, filters)
        if ours.total:
            assert theirs["step"] == ours.step, (query, filters)
            steps.add(ours.step)
    assert {search.Step.WORDS, search.Step.START, search.Step.SPELLING} <= steps


def publish_late() -> None:
    """One more, after the index was written."""
    factories.publish(
        factories.snapshot(
            "Bản muộn",
            slug="muon",
            reference="CB-2026-00900",
            english=factories.english("Police impostors at the door"),
        )
    )


def test_only_warnings_with_english_touch_its_files(portal_root: Path) -> None:
    publish_all()
    bake.bake_everything()
    files = sorted((portal_root / "en/tim-kiem").rglob("*.json"))
    # 27 words, 5 filters, spelling, standing pages, the newest, and two for the one block.
    assert len(files) == 27 + 5 + 3 + 2
    before = {file: file.stat().st_mtime_ns for file in files}
    factories.publish(factories.snapshot("Thêm một tin", slug="them", reference="CB-2026-00950"))
    assert {file: file.stat().st_mtime_ns for file in files} == before
    publish_late()
    changed = {file.name for file in files if file.stat().st_mtime_ns != before[file]}
    assert "moi.json" in changed
    assert changed <= {"moi.json", "0.json", "1.json"}


def test_what_lost_its_english_or_was_withdrawn_is_found_no_more(client: Client, portal_root: Path) -> None:
    publish_all()
    page = ScamWarningPage.objects.get(slug="so-1")
    plain = factories.snapshot(
        "Bản số 1", slug="so-1", reference="CB-2026-00801.2", scam_type=Named("thue", "Giả danh thuế")
    )
    factories.publish(plain, page=page)
    PublishedWarning.objects.filter(slug="so-0").update(state=PublicState.WITHDRAWN)
    bake.bake_for(PublishedWarning.objects.get(slug="so-0"))
    # A withdrawal is a release of its own; here only the row says so.
    memory.forget()
    assert titles(client, q="police") == [ENGLISH[2].title]
    block = search.ENGLISH_ONES.rows().get(slug="so-2").pk // 16
    rows = json.loads((portal_root / f"en/tim-kiem/du-lieu/dong/{block}.json").read_text("utf-8"))["rows"]
    assert [row["slug"] for row in rows] == ["so-2"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt install chromium")
def test_a_visitor_searches_in_english_with_everything_stopped() -> None:
    publish_all()
    bake.bake_everything()
    complaints: list[str] = []
    with stopped.portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{address}/en/")
        page.get_by_role("searchbox").fill("police")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("status").get_by_text("3 results for “police”").wait_for()
        assert "/en/tim-kiem/?q=police" in page.url
        assert page.locator(".result__title").first.inner_text() == ENGLISH[1].title
        page.locator("#q").fill("CB-2026-00800")
        page.get_by_role("status").get_by_text("1 result for “CB-2026-00800”").wait_for()
        assert page.locator(".badge").first.inner_text().strip() == "Urgent warning"
        page.locator(".result__title a").click()
        page.wait_for_url("**/en/canh-bao/so-0/")
        browser.close()
    assert complaints == []
