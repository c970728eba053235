"""The search page and its files: filters, steps, what is baked when, and no input that breaks it."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cms.portal import bake, search
from cms.portal.models import PublishedWarning
from cms.portal.publishing import PortalBackend
from cms.portal.search.shards import NAMES, shard
from scam_warnings.snapshot import Named
from tests.portal import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def three(once: Path) -> None:
    start = timezone.make_aware(dt.datetime(2026, 10, 1, 23, 30))
    for place, (title, severity, audience) in enumerate(
        [
            ("Giả danh ngân hàng", "urgent", "nguoi-cao-tuoi"),
            ("Vé máy bay rẻ bất thường", "caution", "phu-nu"),
            ("Giả danh bưu điện giao hàng", "info", "nguoi-cao-tuoi"),
        ]
    ):
        factories.publish(
            factories.snapshot(
                title,
                reference=f"CB-2026-0070{place}",
                summary="Tóm tắt.",
                severity=Named(severity, severity),
                audiences=(Named(audience, audience.title()), Named("bao-cao-vien", "Báo cáo viên")),
                scam_type=Named("khac", "Khác"),
                scam_type_group=Named("nhom", "Nhóm"),
                how_it_works=(),
                warning_signs=(),
                what_to_do=(),
                if_you_are_a_victim=(),
                sample_message="",
                hashtags=(),
            ),
            sealed_at=start + dt.timedelta(days=place),
        )


def titles(client: Client, **asked: str) -> list[str]:
    page = client.get("/tim-kiem/", asked).text
    return [
        title for title in PublishedWarning.objects.values_list("title", flat=True) if f">{title}</a>" in page
    ]


def test_filters_narrow_with_and_without_words(client: Client, three: None) -> None:
    assert len(titles(client, q="gia danh")) == 2
    assert titles(client, q="gia danh", muc="urgent") == ["Giả danh ngân hàng"]
    assert len(titles(client, **{"doi-tuong": "nguoi-cao-tuoi"})) == 2
    assert titles(client, **{"doi-tuong": "phu-nu", "muc": "caution"}) == ["Vé máy bay rẻ bất thường"]
    assert titles(client, **{"doi-tuong": "bao-cao-vien"}) == []
    # Local days, both included: the first was published at 23:30.
    assert titles(client, tu="2026-10-01", den="2026-10-01") == ["Giả danh ngân hàng"]
    assert titles(client, den="2026-09-30") == []
    assert titles(client, loai="khong-co") == []
    assert "Không có cảnh báo nào phù hợp với bộ lọc" in client.get("/tim-kiem/?loai=khong-co").text


def test_only_public_audiences_can_be_chosen(client: Client, three: None) -> None:
    page = client.get("/tim-kiem/").text
    assert '<option value="nguoi-cao-tuoi">' in page
    assert "bao-cao-vien" not in page


@pytest.mark.parametrize(
    ("query", "step", "first"),
    [
        ("giả danh", search.Step.WORDS, "Giả danh bưu điện giao hàng"),
        ("giao ha", search.Step.START, "Giả danh bưu điện giao hàng"),
        ("nganhang", search.Step.SPELLING, "Giả danh ngân hàng"),
        ("bat thuogn", search.Step.SPELLING, "Vé máy bay rẻ bất thường"),
        ("mua vé máy bay trên mạng", search.Step.NEAR, "Vé máy bay rẻ bất thường"),
    ],
)
def test_each_step_forgives_more(three: None, query: str, step: search.Step, first: str) -> None:
    found = search.find(search.parse(query), 0, 5)
    assert (found.step, found.warnings[0].title) == (step, first)


def test_the_page_says_what_it_searched_for_instead(client: Client, three: None) -> None:
    assert (
        "Không có kết quả cho “nganhang”. 1 kết quả cho “ngân hàng”"
        in client.get("/tim-kiem/?q=nganhang").text
    )


def test_a_publication_writes_few_files_whatever_the_archive(portal_root: Path, three: None) -> None:
    bake.bake_everything()
    before = {file: file.stat().st_mtime_ns for file in (portal_root / "tim-kiem").rglob("*.json")}
    factories.publish(factories.snapshot("Trúng thưởng xe máy", reference="CB-2026-00710"))
    written = {
        file
        for file in (portal_root / "tim-kiem").rglob("*.json")
        if before.get(file) != file.stat().st_mtime_ns
    }
    assert len(written) <= 3
    newest = json.loads((portal_root / "tim-kiem/du-lieu/moi.json").read_text())
    assert newest["last"] == PublishedWarning.objects.get(code="CB-2026-00710").pk


def test_a_withdrawn_warning_leaves_the_results_at_once(
    client: Client, three: None, portal_root: Path
) -> None:
    bake.bake_everything()
    row = PublishedWarning.objects.get(code="CB-2026-00701")
    block = portal_root / f"tim-kiem/du-lieu/dong/{row.pk // 16}.json"
    assert row.title in block.read_text()
    message = factories.release(row.content(), page=row.page)
    payload = row.page.releases.get(number=2).payloads.get()
    payload.data |= {"withdrawn": True}
    payload.save(update_fields=["data"])
    PortalBackend().publish(replace(message, data=dict(payload.data)))
    assert row.title not in block.read_text()
    assert row.title not in client.get("/tim-kiem/?q=may+bay").text


def test_the_page_is_finished_and_asked_with_a_query_it_is_the_server_s(
    client: Client, three: None, portal_root: Path
) -> None:
    bake.bake_everything()
    page = (portal_root / "tim-kiem/index.html").read_text()
    assert page == client.get("/tim-kiem/").text
    assert "noindex" not in page
    assert "data-answered" not in page
    asked = client.get("/tim-kiem/?q=ngan+hang")
    assert "data-answered" in asked.text
    assert asked["Cache-Control"] == "private, no-store"
    assert "noindex" in asked.text


def test_every_word_has_a_file(portal_root: Path, three: None) -> None:
    bake.bake_everything()
    folder = portal_root / "tim-kiem/du-lieu/tu"
    assert {file.stem for file in folder.glob("*.json")} == set(NAMES)
    for file in folder.glob("*.json"):
        assert {shard(word) for word in json.loads(file.read_text())["words"]} <= {file.stem}


@given(word=st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12))
def test_any_word_has_one_of_the_shards(word: str) -> None:
    assert shard(word) in NAMES


@pytest.mark.parametrize(
    "path",
    [
        *(
            "tu/zz-a.json",
            "tu/A.json",
            "tu/..json",
            "loc/khac.json",
            "dong/999999999999999999.json",
            "dong/01.json",
        ),
        *("chu/-1.json", "dong/9999999.json", "tu/th.json", "khac.json", "tu/"),
    ],
)
def test_files_that_are_none_answer_404(client: Client, three: None, path: str) -> None:
    assert client.get(f"/tim-kiem/du-lieu/{path}").status_code == 404


HOSTILE = st.one_of(
    st.text(max_size=300), st.sampled_from(["\x00", "\ud800", '"', "'", "%", "a" * 5000, "2026-13-45"])
)


@given(
    asked=st.dictionaries(st.sampled_from(["q", "loai", "doi-tuong", "muc", "tu", "den", "trang"]), HOSTILE)
)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_input_breaks_it(client: Client, asked: dict[str, Any]) -> None:
    query = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    assert client.get("/tim-kiem/", query).status_code == 200


def test_a_megabyte_and_lone_surrogates_are_just_text(client: Client, three: None) -> None:
    assert client.get("/tim-kiem/", {"q": "lừa đảo " * 130_000}).status_code == 200
    assert client.get("/tim-kiem/?q=%ed%a0%80%00%27").status_code == 200
    assert client.get("/tim-kiem/?tu=9999-12-31&den=0001-01-01&q=a").status_code == 200
    query = search.parse("\ud800 lừa \udfff")
    assert query.words == ("lua",)
    query.shown.encode()
