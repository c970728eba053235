"""What the public reads of standing content, in Vietnamese and in English."""

import json
from datetime import date
from pathlib import Path

from django.test import Client

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.information import approval, seed
from cms.information.models import Edition, Featured, Item
from cms.information.tasks import renew_item
from cms.portal import bake
from cms.portal.models import PublicState, PublishedWarning
from scam_warnings.taxonomy import ScamType
from tests.information import factories
from tests.portal import factories as portal

pytestmark = pytest.mark.django_db


def test_the_starting_content_is_complete_and_public(client, lan, minh, portal_root: Path):
    count = seed.load(lan, minh)
    assert count == Item.objects.count() == Edition.objects.count()
    assert seed.load(lan, minh) == 0
    for path in ("/cam-nang/", "/ket-qua/", "/chuyen-de/", "/van-ban/", "/gioi-thieu/", "/hinh-thuc/"):
        assert client.get(path).status_code == 200, path
    first = bake.bake_everything()
    assert (portal_root / "van-ban" / "116-2025-qh15" / "index.html").exists()
    assert (portal_root / "en" / "gioi-thieu" / "index.html.br").exists()
    assert not (portal_root / "van-ban" / "tra-cuu").exists()
    assert bake.bake_everything().written == []
    assert first.written


def test_without_an_approver_the_starting_content_stays_with_the_staff(client, lan):
    seed.load(lan)
    assert not Edition.objects.exists()
    assert "Mười việc" not in client.get("/cam-nang/").content.decode()
    assert client.get("/gioi-thieu/").status_code == 404


def test_the_library_shows_every_form_with_and_without_a_warning(client, lan, minh):
    page = client.get("/hinh-thuc/").content.decode()
    for key in ("du-lich-gia-re", "cho-so-danh-de", "phat-nguoi-gia"):
        assert f'href="/hinh-thuc/{key}/"' in page
    bare = client.get("/hinh-thuc/cho-so-danh-de/").content.decode()
    assert "Hình thức số 24" in bare
    assert "Chưa có cảnh báo" in bare
    seed.load(lan, minh)
    told = client.get("/hinh-thuc/cho-so-danh-de/").content.decode()
    assert "Dấu hiệu nhận biết" in told
    assert client.get("/hinh-thuc/khong-co/").status_code == 404


def test_editing_the_taxonomy_changes_no_public_page(client, lan, minh):
    seed.load(lan, minh)
    before = client.get("/hinh-thuc/").content
    ScamType.objects.update(name="Tên khác")
    assert client.get("/hinh-thuc/").content == before


def test_a_collection_follows_the_warnings_it_shows(client, lan, minh, portal_root: Path):
    portal.publish()
    warning = PublishedWarning.objects.get()
    body = json.dumps([{"type": "warnings", "value": [warning.page_id]}])
    item = factories.draft(lan, kind="collection", title="Tết", body=body)
    factories.published(item, lan, minh)
    assert Featured.objects.get().page_id == warning.page_id
    page = client.get("/chuyen-de/tet/").content.decode()
    assert warning.title in page
    # No heading stands between it and the title of the page.
    assert '<h2 class="card__title">' in page
    PublishedWarning.objects.update(state=PublicState.WITHDRAWN)
    warning.refresh_from_db()
    bake.bake_for(warning)
    assert warning.title not in (portal_root / "chuyen-de" / "tet" / "index.html").read_text()


def test_an_approval_bakes_only_its_own_pages(lan, minh, portal_root: Path):
    item = factories.draft(lan, title_en="Ten things", body_en=factories.body("Hang up"))
    renew_item.call(factories.published(item, lan, minh).pk)
    pages = {
        f"/{file.relative_to(portal_root)}".removesuffix("index.html") for file in portal_root.rglob("*.html")
    }
    assert pages == {
        "/cam-nang/",
        "/cam-nang/muoi-viec-can-nho/",
        "/en/",
        "/en/cam-nang/",
        "/en/cam-nang/muoi-viec-can-nho/",
    }


def test_english_pages_say_so_and_name_each_other(client, lan, minh):
    item = factories.draft(
        lan, title_en="Ten things", summary_en="Keep it.", body_en=factories.body("Hang up")
    )
    factories.published(item, lan, minh)
    english = client.get("/en/cam-nang/muoi-viec-can-nho/").content.decode()
    assert '<html lang="en">' in english
    assert "Skip to content" in english
    assert 'hreflang="vi" href="http' in english
    vietnamese = client.get("/cam-nang/muoi-viec-can-nho/").content.decode()
    assert '<html lang="vi">' in vietnamese
    assert 'hreflang="en" href="http' in vietnamese
    assert "Recognise the scam" in client.get("/en/").content.decode()
    assert client.get("/en/ket-qua/").status_code == 404


@pytest.fixture
def laws(lan, minh):
    for number, title, day in (
        ("116/2025/QH15", "Luật An ninh mạng", date(2025, 12, 10)),
        ("49/2024/NĐ-CP", "Nghị định về hoạt động thông tin cơ sở", date(2024, 5, 10)),
    ):
        document = factories.law(lan, number, title=title, summary=title, issued_on=day)
        factories.published(document, lan, minh)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "an ninh mang"}, ["116/2025/QH15"]),
        ({"q": "AN NINH MẠNG"}, ["116/2025/QH15"]),
        ({"q": "49/2024"}, ["49/2024/NĐ-CP"]),
        ({"tu": "2025-01-01"}, ["116/2025/QH15"]),
        ({"den": "2024-12-31"}, ["49/2024/NĐ-CP"]),
        ({"q": "khong co"}, []),
        ({}, ["116/2025/QH15", "49/2024/NĐ-CP"]),
    ],
)
def test_documents_are_found_by_number_date_and_abstract(client, laws, query, found):
    answer = client.get("/van-ban/tra-cuu/", query)
    page = answer.content.decode()
    assert [number for number in ("116/2025/QH15", "49/2024/NĐ-CP") if number in page] == found
    assert "no-store" in answer.headers["Cache-Control"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=300), since=st.text(max_size=15), until=st.text(max_size=15))
def test_no_question_breaks_the_search(laws, words, since, until):
    values = {
        name: value.encode("utf-8", "ignore") for name, value in (("q", words), ("tu", since), ("den", until))
    }
    assert Client().get("/van-ban/tra-cuu/", values).status_code == 200


@pytest.mark.parametrize(
    "query", [b"q=%00", b"q=%ff%fe", b"q=%ed%a0%80", b"tu=9999-99-99", b"q=" + b"a" * 20_000]
)
def test_hostile_bytes_are_answered(laws, query):
    answer = Client().get("/van-ban/tra-cuu/", QUERY_STRING=query.decode("latin-1"))
    assert answer.status_code in {200, 400}


def test_a_platform_address_is_a_link_only_in_the_list_of_accounts(client, lan, minh):
    body = json.dumps(
        [
            {
                "type": "accounts",
                "value": [
                    {
                        "channel": "",
                        "name": "Trang chính",
                        "platform": "Facebook",
                        "url": "https://www.facebook.com/x",
                    }
                ],
            }
        ]
    )
    item = factories.draft(lan, kind="accounts", title="Tài khoản chính thức", body=body)
    factories.published(item, lan, minh)
    assert 'href="https://www.facebook.com/x"' in client.get("/tai-khoan-chinh-thuc/").content.decode()
    links = json.dumps(
        [{"type": "links", "value": [{"name": "Lạ", "url": "https://www.facebook.com/x", "note": ""}]}]
    )
    other = factories.draft(lan, title="Khác", body=links)
    with pytest.raises(approval.Refused):
        factories.submitted(other, lan)
