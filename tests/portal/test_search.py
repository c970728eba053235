"""Search finds with and without marks, puts exact words first, and survives anything."""

import datetime as dt
from pathlib import Path
from urllib.parse import quote

from django.test import Client
from django.utils import timezone

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cms.portal import search
from cms.portal.models import PublishedWarning
from tests.portal import factories

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [row.title for row in search.find(search.parse(query), 0, 20).warnings]


@pytest.fixture(scope="module")
def four(once: Path) -> None:
    day = timezone.now() - dt.timedelta(days=9)
    for place, (title, summary) in enumerate(
        [
            ("Lừa đảo đầu tư tiền ảo", "Hứa lãi cao."),
            ("Việc nhẹ lương cao", "Đóng tiền trước khi nhận việc; coi chừng lừa đảo."),
            ("Bẫy dừng chuyển tiền", "Dung lượng thấp."),
            ("Đừng nghe máy lạ", "Kẻ gian giả giọng."),
        ]
    ):
        factories.publish(
            factories.snapshot(
                title,
                reference=f"CB-2026-0010{place}",
                summary=summary,
                how_it_works=(f"Một điều {place}.",),
                if_you_are_a_victim=("Gọi ngân hàng.",),
                hashtags=(),
            ),
            sealed_at=day + dt.timedelta(hours=place),
        )


@pytest.mark.parametrize(
    "query", ["lừa đảo", "lua dao", "LỪA ĐẢO", "Lu\u031b\u0300a đa\u0309o", "đảo lừa", "  lua\tdao  "]
)
def test_marks_case_and_order_do_not_matter(four: None, query: str) -> None:
    assert set(titles(query)) == {"Lừa đảo đầu tư tiền ảo", "Việc nhẹ lương cao"}
    assert titles(query)[0] == "Lừa đảo đầu tư tiền ảo"


@pytest.mark.parametrize(("query", "first"), [("đừng", "Đừng nghe máy lạ"), ("dừng", "Bẫy dừng chuyển tiền")])
def test_exact_marks_come_first(four: None, query: str, first: str) -> None:
    found = titles(query)
    assert found[0] == first
    assert {"Đừng nghe máy lạ", "Bẫy dừng chuyển tiền"} <= set(found)


def test_double_marked_and_d_words_are_found(four: None) -> None:
    assert titles("dau tu") == titles("đầu tư") == ["Lừa đảo đầu tư tiền ảo"]
    assert titles("viec nhe") == ["Việc nhẹ lương cao"]


def test_a_reference_code_finds_its_warning(four: None) -> None:
    assert titles("CB-2026-00102") == ["Bẫy dừng chuyển tiền"]


def test_nothing_found_says_what_to_do(client: Client, four: None) -> None:
    text = client.get("/tim-kiem/?q=khongcogi").text
    assert "Không có kết quả phù hợp với “khongcogi”" in text
    assert "Dùng ít từ hơn" in text
    assert "/hinh-thuc/gia-danh-co-quan-thue/" in text
    assert "noindex" in text


def test_searches_are_not_kept_by_caches(client: Client) -> None:
    assert client.get("/tim-kiem/?q=a")["Cache-Control"] == "private, no-store"


HOSTILE = [
    '"',
    "'",
    "\"'>",
    "\x00",
    "a\x00b",
    "*",
    "lua*",
    "lua AND",
    "NOT",
    "OR OR OR",
    "NEAR(lua dao)",
    "title:lua",
    "{lua}",
    "(lua",
    "lua) OR 1=1 --",
    "'; DROP TABLE portal_publishedwarning; --",
    "%",
    "_",
    "\\",
    "^lua",
    "lua -dao",
    "+" * 500,
    "x" * 10_000,
    "lừa " * 3000,
    "\u202elua\u202c dao",
    "\u200f\u200e",
    "😀🚨👮‍♂️",
    "ﷺ",
    "\ud7ff\ue000",
    "İstanbul ß ﬁ",
    "１２３ ＬＵＡ",
    "\n\r\t",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "a" + "\u0301" * 400,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_harmless(client: Client, four: None, raw: str) -> None:
    response = client.get("/tim-kiem/", {"q": raw})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert PublishedWarning.objects.count() == 4


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff%fe",
        "q=%c0%af&trang=-1",
        "trang=abc",
        "q=a&q=b",
        "q[]=1",
        "q=lua&trang=99999999999999",
        "trang=%D9%A3&q=a",
        "",
    ],
)
def test_broken_query_strings_are_harmless(client: Client, query: str) -> None:
    assert client.get(f"/tim-kiem/?{query}").status_code == 200


@given(raw=st.text(max_size=400), page=st.one_of(st.text(max_size=8), st.integers().map(str)))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_a_200(client: Client, raw: str, page: str) -> None:
    response = client.get(
        f"/tim-kiem/?q={quote(raw, errors='replace')}&trang={quote(page, errors='replace')}"
    )
    assert response.status_code == 200


@given(raw=st.text(max_size=3000))
@hypothesis_settings(max_examples=150, deadline=None)
def test_only_plain_words_reach_the_database(raw: str) -> None:
    query = search.parse(raw)
    assert len(query.words) <= search.MAX_WORDS
    assert all(0 < len(word) <= search.MAX_WORD and word.isascii() and word.isalnum() for word in query.words)
    assert len(query.marked) <= search.MAX_WORDS
    assert all(0 < len(word) <= search.MAX_WORD and "_" not in word for word in query.marked)
    assert not any(char in word for word in query.marked for char in "\x00%\\'\"* ")
    assert "\x00" not in query.shown


def test_a_beginning_matches_only_when_no_whole_word_does(four: None) -> None:
    assert titles("luon") == titles("luong")
    assert titles("luong") == ["Việc nhẹ lương cao", "Bẫy dừng chuyển tiền"]
