"""Standing pages are found: by the portal's search, by search engines."""

import json
import shutil
import subprocess
from pathlib import Path

from django.test import Client

import pytest

from cms.information import approval
from cms.information.tasks import renew_item
from cms.portal import bake
from cms.portal.search import standing
from cms.portal.search.words import parse
from tests.information import factories

NODE = shutil.which("node")
CORE = Path(standing.__file__).parents[1] / "static" / "portal" / "search" / "core.js"
pytestmark = pytest.mark.django_db
QUERIES = (
    "muoi viec",
    "an ninh mạng",
    "116/2025",
    "tắt máy",
    "tat m",
    "giả danh",
    "deepfake",
    "zzz",
    "",
    "viec an",
)


@pytest.fixture
def public(lan, minh, portal_root):
    """A page of the handbook with an English text, and a law."""
    page = factories.draft(lan, title_en="Ten things", body_en=factories.body("Hang up"))
    law = factories.law(lan, "116/2025/QH15")
    return [factories.published(item, lan, minh) for item in (page, law)]


def shown(client: Client, query: str) -> list[str]:
    text = client.get("/tim-kiem/", {"q": query}).text
    part = text[text.index("data-standing-list>") :].split("</ul>")[0]
    return [line.split('"')[1] for line in part.split("<a ")[1:]]


def test_the_search_names_standing_pages_beside_the_warnings(client, public, minh):
    assert shown(client, "muoi viec") == ["/cam-nang/muoi-viec-can-nho/"]
    assert shown(client, "an ninh mạng") == ["/van-ban/116-2025-qh15/"]
    assert shown(client, "116/2025") == ["/van-ban/116-2025-qh15/"]
    assert "/hinh-thuc/deepfake-deepvoice/" in shown(client, "deepfake")
    assert shown(client, "zzz") == []
    gone = approval.withdraw(public[0].item, minh, note="Cũ rồi", not_secret=True)
    assert shown(client, "muoi viec") == []
    renew_item.call(gone.pk)
    told = json.loads(bake.file_for("/tim-kiem/du-lieu/noi-dung.json").read_text("utf-8"))
    assert "/cam-nang/muoi-viec-can-nho/" not in [page["url"] for page in told["pages"]]


@pytest.mark.skipif(NODE is None, reason="no Node found: apt install nodejs")
def test_the_browser_finds_the_same_pages(public):
    script = (
        "const core=require(process.argv[1]);const [told,asked]=JSON.parse(require('fs').readFileSync(0));"
        "process.stdout.write(JSON.stringify(asked.map(raw=>core.standing(raw,told).map(page=>page.url))))"
    )
    made = subprocess.run(
        [NODE, "-e", script, str(CORE)],
        input=json.dumps([standing.file(), QUERIES]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(made.stdout) == [
        [page.url for page in standing.find(parse(query).words)] for query in QUERIES
    ]


def test_the_sitemap_names_what_is_public(client, public, minh):
    def named() -> str:
        return client.get("/sitemap/trang.xml").text

    for path in (
        "/cam-nang/",
        "/cam-nang/muoi-viec-can-nho/",
        "/en/cam-nang/muoi-viec-can-nho/",
        "/van-ban/116-2025-qh15/",
    ):
        assert f"{path}</loc>" in named(), path
    assert "/ket-qua/" not in named()
    approval.withdraw(public[0].item, minh, note="Cũ rồi", not_secret=True)
    assert "/cam-nang/" not in named()
