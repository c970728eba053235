"""What citizens see, over Django itself."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

import pytest
from django_tasks import task_backends
from lxml import etree, html
from pytest_django import DjangoAssertNumQueries

from cms.portal import bake
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.presentation import warning_context
from cms.portal.tasks import rebuild_portal
from cms.portal.templatetags.portal import site_icon
from cms.portal.views import server_error
from scam_warnings.agency import AgencySettings
from scam_warnings.snapshot import HotlineRef, Named, SourceRef
from tests.portal import factories

pytestmark = pytest.mark.django_db


class Addresses(HTMLParser):
    """Every address a browser would load or a reader could follow, and every tag."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "link" and (values.get("rel") == "canonical" or "hreflang" in values):
            self.links.append(values["href"])
        else:
            self.loaded += [
                values[name] for name in ("src", "href", "srcset", "poster", "data") if name in values
            ]
        self.inline += [name for name in values if name.startswith("on") or name == "style"]
        is_data = values.get("type") == "application/ld+json"
        if tag == "style" or (tag == "script" and "src" not in values and not is_data):
            self.inline.append(tag)


@pytest.fixture
def published() -> PublishedWarning:
    factories.publish(factories.snapshot(reference="CB-2026-00123", image=factories.picture("image")))
    return PublishedWarning.objects.get()


def pages(warning: PublishedWarning) -> list[str]:
    return [
        "/",
        "/canh-bao/",
        warning.path,
        "/hinh-thuc/",
        f"/hinh-thuc/{warning.scam_type_key}/",
        "/tim-kiem/?q=thuế",
    ]


def asked_for(found: Addresses) -> list[str]:
    """What a browser asks a server for: everything but the icon of the site, which every page holds."""
    assert found.loaded.count(site_icon()) == 1
    return [url for url in found.loaded if url != site_icon()]


def test_no_page_sets_a_cookie_varies_on_one_or_asks_another_host(
    client: Client, published: PublishedWarning
) -> None:
    for path in [*pages(published), "/khong-co/", "/sitemap.xml", "/robots.txt"]:
        response = client.get(path)
        assert not response.cookies, path
        assert "Set-Cookie" not in response
        assert "cookie" not in response.get("Vary", "").lower()
        if "html" in response["Content-Type"]:
            found = Addresses(response.text)
            assert all(url.startswith("/") and not url.startswith("//") for url in asked_for(found)), (
                found.loaded
            )
            assert found.inline == [], path
            assert '<html lang="vi">' in response.text
            assert response.text.count("<h1") == 1
            assert 'href="#noi-dung"' in response.text


@pytest.mark.parametrize("number", [1, 15])
def test_the_number_of_queries_does_not_grow(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    AgencySettings.load()
    factories.many(number)
    warning = PublishedWarning.objects.latest("pk")
    for path, queries in {
        "/": 5,
        "/canh-bao/": 4,
        warning.path: 3,
        "/doi-tuong/": 3,
        "/doi-tuong/toan-dan/": 5,
        "/thanh-phan/": 2,
        "/hinh-thuc/": 4,
        f"/hinh-thuc/{warning.scam_type_key}/": 5,
        # The first search after a change also reads what changed.
        "/tim-kiem/?q=lua+dao": 13,
        "/tim-kiem/?q=LUA+DAO": 8,
        "/tim-kiem/?q=zzz": 7,
        "/cb/CB-2026-00001/": 1,
        "/sitemap.xml": 3,
        "/canh-bao/khong-co/": 3,
        "/khong-co/": 2,
    }.items():
        with django_assert_num_queries(queries, info=path):
            client.get(path)


def test_a_warning_shows_its_parts_in_the_order_a_reader_needs(
    client: Client, published: PublishedWarning
) -> None:
    text = client.get(published.path).text
    order = [
        "Cảnh báo</span>",
        "<h1>Giả danh cán bộ thuế",
        "Ngày đăng",
        "Cập nhật lần cuối",
        "Cách thức hoạt động",
        "Dấu hiệu nhận biết",
        published.content().image.sha256,
        "Ví dụ tin nhắn lừa đảo",
        "Cách phòng tránh",
        'id="khi-da-bi-lua"',
        'href="tel:113"',
        "Trình báo ở đâu?",
        'href="sms:5656"',
        "Nguồn tin",
        "Phiên bản 1",
        "/cb/CB-2026-00123/",
        '<svg aria-hidden="true" viewBox',
        "Mã cảnh báo",
        'class="help-bar"',
        'href="#khi-da-bi-lua"',
    ]
    main = text[text.index("<main") :]
    places = []
    for part in order:
        places.append(main.index(part, places[-1] if places else 0))
    assert places == sorted(places)
    assert "Dành cho" in main
    assert "Báo cáo viên" not in main
    assert 'href="/doi-tuong/toan-dan/"' in main
    assert "hxxps://thue-gia[.]example" in main


def test_sharing_shows_title_summary_and_the_sealed_card(client: Client, published: PublishedWarning) -> None:
    text = client.get(published.path).text
    card = factories.picture("card").sha256
    assert f'property="og:image" content="http://127.0.0.1:8000/media/sealed/{card[:2]}/{card}.jpg"' in text
    assert 'property="og:image:width" content="1200"' in text
    assert 'name="twitter:card" content="summary_large_image"' in text
    assert f'rel="canonical" href="http://127.0.0.1:8000{published.path}"' in text
    assert f'<meta name="description" content="{published.summary}">' in text


def test_dates_are_vietnamese_and_local(client: Client) -> None:
    # 18:30 in London is the next day in Vietnam.
    factories.publish(sealed_at=dt.datetime(2026, 3, 4, 18, 30, tzinfo=dt.UTC))
    text = client.get(PublishedWarning.objects.get().path).text
    assert "05/03/2026" in text
    assert 'datetime="2026-03-05"' in text


@pytest.mark.parametrize(("days", "shown"), [(-1, True), (0, False), (1, False)])
def test_an_expired_warning_says_so(client: Client, days: int, shown: bool) -> None:
    day = timezone.localdate() + dt.timedelta(days=days)
    factories.publish(factories.snapshot(expires_on=day.isoformat()))
    warning = PublishedWarning.objects.get()
    for path in (warning.path, "/canh-bao/"):
        assert ("Hết hiệu lực" in client.get(path).text) is shown


def test_a_withdrawn_warning_keeps_its_address_and_loses_its_content(client: Client) -> None:
    factories.publish(factories.snapshot("Nội dung sai", reference="CB-2026-00001", summary="Tóm tắt sai."))
    factories.publish(factories.snapshot("Nội dung đúng", reference="CB-2026-00002"))
    PublishedWarning.objects.filter(code="CB-2026-00001").update(state=PublicState.WITHDRAWN)
    text = client.get("/canh-bao/noi-dung-sai/").text
    assert "Cảnh báo này đã được thu hồi." in text
    assert "noindex" in text
    assert "Tóm tắt sai" not in text
    assert "Gọi điện tự xưng" not in text
    for path in (
        "/",
        "/canh-bao/",
        "/canh-bao/noi-dung-dung/",
        "/tim-kiem/?q=noi+dung",
        "/sitemap/canh-bao-1.xml",
    ):
        assert "noi-dung-sai" not in client.get(path).text, path


def test_a_corrected_warning_says_so(client: Client, published: PublishedWarning) -> None:
    PublishedWarning.objects.update(state=PublicState.CORRECTED)
    assert "Đã đính chính" in client.get(published.path).text
    assert "Đã đính chính" in client.get("/tim-kiem/?q=thue").text


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("/cb/CB-2026-00123/", 302, "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"),
        ("/cb/CB-2026-00123.2/", 302, "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"),
        ("/cb/cb-2026-00123/", 302, "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"),
        ("/cb/CB-2026-00123", 301, "/cb/CB-2026-00123/"),
        ("/cb/CB-2026-99999/", 404, None),
        ("/cb/CB-2026-00123.x/", 404, None),
        ("/cb/../admin/", 404, None),
    ],
)
def test_short_links(
    client: Client, published: PublishedWarning, path: str, status: int, target: str | None
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.get("Location") == target


@pytest.mark.parametrize(
    "path",
    [
        "/canh-bao/trang/0/",
        "/canh-bao/trang/1x/",
        "/canh-bao/trang/99/",
        "/canh-bao/trang/01/",
        "/canh-bao/trang/999999999999/",
        "/canh-bao/Gia-Danh/",
        "/canh-bao/a%00b/",
        "/canh-bao/%C4%91/",
        "/hinh-thuc/khong-co/",
        "/hinh-thuc/gia-danh-co-quan-thue/trang/2/",
        "/canh-bao/a/b/",
    ],
)
def test_unknown_addresses_are_a_helpful_404(client: Client, published: PublishedWarning, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.text
    assert 'action="/tim-kiem/"' in response.text


def test_a_draft_in_the_tree_is_not_public(client: Client) -> None:
    page = factories.warning_page(factories.snapshot("Chưa duyệt"))
    assert page.url.endswith("/canh-bao/chua-duyet/")
    assert client.get("/canh-bao/chua-duyet/").status_code == 404
    assert client.get("/keng/").status_code == 404


def test_posting_to_a_page_is_refused(client: Client, published: PublishedWarning) -> None:
    assert client.post(published.path).status_code == 405
    assert client.head(published.path).status_code == 200


def test_a_fault_shows_the_error_page(client: Client) -> None:
    client.raise_request_exception = False
    factories.publish()
    # A row no sealing would write: reading it back fails.
    PublishedWarning.objects.update(snapshot={})
    response = client.get(PublishedWarning.objects.get().path)
    assert response.status_code == 500
    assert "Có lỗi xảy ra" in response.text
    assert "no-store" in response["Cache-Control"]
    assert Addresses(response.text).inline == []


def test_the_error_page_needs_no_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert "Khẩn cấp: gọi 113" in server_error(RequestFactory().get("/")).text


def test_the_empty_portal_tells_what_to_do(client: Client) -> None:
    for path in ("/", "/canh-bao/"):
        response = client.get(path)
        assert response.status_code == 200
        assert "gọi 113" in response.text
    assert "24" in client.get("/hinh-thuc/cho-so-danh-de/").text


def test_home_leads_with_the_newest_urgent_warning_in_force(client: Client) -> None:
    urgent = Named("urgent", "Cảnh báo khẩn")
    day = timezone.now() - dt.timedelta(days=40)
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    factories.publish(
        factories.snapshot("Khẩn còn hiệu lực", severity=urgent, reference="CB-2026-00901"), sealed_at=day
    )
    factories.publish(
        factories.snapshot("Khẩn đã hết", severity=urgent, reference="CB-2026-00902", expires_on=yesterday),
        sealed_at=day + dt.timedelta(days=1),
    )
    factories.many(8)
    text = client.get("/").text
    lead = text[text.index('class="lead ') : text.index("</article>")]
    assert "Khẩn còn hiệu lực" in lead
    assert text.count('class="card card--') == 6
    assert text.count("/canh-bao/khan-con-hieu-luc/") == 2


def test_lists_have_pages(client: Client) -> None:
    factories.many(14)
    first, second = client.get("/canh-bao/").text, client.get("/canh-bao/trang/2/").text
    assert first.count('class="card card--') == 12
    assert second.count('class="card card--') == 2
    assert 'href="/canh-bao/trang/2/"' in first
    assert 'rel="prev" href="/canh-bao/"' in second
    typed = client.get("/hinh-thuc/gia-danh-co-quan-thue/trang/2/").text
    assert 'rel="prev" href="/hinh-thuc/gia-danh-co-quan-thue/"' in typed


def test_types_stand_in_their_groups_under_the_name_of_the_newest_warning(client: Client) -> None:
    day = timezone.now() - dt.timedelta(days=5)
    old, new = Named("ma-qr-gia", "Mã QR giả"), Named("ma-qr-gia", "Mã QR giả, dán đè")
    account = Named("chiem-doat-tai-khoan", "Chiếm đoạt tài khoản, thông tin")
    factories.publish(factories.snapshot("A", scam_type=old, reference="CB-2026-00001"), sealed_at=day)
    factories.publish(
        factories.snapshot("B", scam_type=new, scam_type_group=account, reference="CB-2026-00002"),
        sealed_at=day + dt.timedelta(days=1),
    )
    factories.publish(factories.snapshot("C", reference="CB-2026-00003"))
    text = client.get("/hinh-thuc/").text
    assert text.count("/hinh-thuc/ma-qr-gia/") == 1
    assert (
        text.index("Giả mạo thương hiệu")
        < text.index("Chiếm đoạt tài khoản")
        < text.index("Mã QR giả, dán đè")
    )
    assert re.search(r'dán đè</span> <span class="count">2<', text)


def test_home_names_a_few_types_of_each_group_and_leads_to_all(client: Client) -> None:
    names = ("Giả làm ngân hàng", "Giả làm điện lực", "Giả làm bưu tá", "Giả làm thuế")
    for number, name in enumerate(names, 1):
        kind = Named(f"loai-{number}", name)
        factories.publish(factories.snapshot(name, scam_type=kind, reference=f"CB-2026-0000{number}"))
    (group,) = html.fromstring(client.get("/").text).find_class("group")
    (few,) = group.find_class("group__few")
    assert sum(name in few.text_content() for name in names) == 3
    assert few.text_content().endswith("; và 1 hình thức khác")
    assert group.find_class("count")[0].text == "4"
    path, _, place = group.find(".//a").get("href").partition("#")
    heading = html.fromstring(client.get(path).text).get_element_by_id(place)
    assert all(name in heading.getparent().text_content() for name in names)


ATTACK = "<script>window.__x=1</script><img src=x onerror=alert(1)>\"'>{{7*7}}{% now 'Y' %}"


def test_hostile_text_in_every_field_stays_text(client: Client) -> None:
    agency = AgencySettings.load()
    agency.name = agency.contact_person = agency.parent_name = agency.address = ATTACK
    agency.save()
    lines = (ATTACK,) * 3
    evil = factories.picture("x", alt=ATTACK, credit=ATTACK)
    factories.publish(
        replace(
            factories.snapshot(slug="doc-hai"),
            title=ATTACK,
            summary=ATTACK,
            severity=Named("urgent", ATTACK),
            scam_type=Named("gia-danh-co-quan-thue", ATTACK[:150]),
            scam_type_group=Named("nhom", ATTACK[:150]),
            category=Named("c", ATTACK),
            audiences=(Named("a", ATTACK),),
            how_it_works=lines,
            warning_signs=lines,
            what_to_do=lines,
            if_you_are_a_victim=lines,
            details_html=f"<p onclick=alert(1)>Rõ</p>{ATTACK}<a href='javascript:alert(1)'>a</a>"
            "<a href='https://lua-dao.example'>b</a><a href='https://bocongan.gov.vn'>c</a>"
            "<svg onload=alert(1)>",
            sample_message=ATTACK + " https://lua-dao.example/x",
            sources=(
                SourceRef(ATTACK, "law", "javascript:alert(1)"),
                SourceRef("s", "law", "https://bocongan.gov.vn@evil.example/"),
            ),
            hotlines=(
                HotlineRef(ATTACK, "javascript:alert(1)", "web", ATTACK),
                HotlineRef("x", "113;ext=<b>", "phone", ""),
                HotlineRef("y", "https://gov.vn.evil.example", "web", ""),
            ),
            hashtags=(ATTACK,),
            agency=ATTACK,
            image=evil,
            card_wide=evil,
        )
    )
    for path in pages(PublishedWarning.objects.get()):
        response = client.get(path.replace("thuế", "script"))
        text = response.text
        assert response.status_code == 200
        found = Addresses(text)
        assert found.inline == [], path
        assert "<script>window" not in text
        assert "<img src=x" not in text
        assert "49" not in re.findall(r"\{\{7\*7\}\}|(?<=>)49(?=<)", text)
        for link in found.links:
            assert not link.lower().startswith(("javascript:", "data:"))
            assert "example" not in link
        assert all(url.startswith("/") for url in asked_for(found)), found.loaded
    assert 'href="tel:113"' in client.get("/canh-bao/doc-hai/").text
    assert 'href="https://bocongan.gov.vn"' in client.get("/canh-bao/doc-hai/").text


def test_the_editors_preview_is_the_same_page_marked_as_a_preview() -> None:
    factories.home()
    text = render_to_string(
        "portal/preview_warning.html", warning_context(factories.snapshot(), is_preview=True)
    )
    assert "Xem trước – chưa công khai" in text
    assert "Chưa đăng" in text
    assert "noindex" in text
    assert "Dấu hiệu nhận biết" in text
    assert "canonical" not in text


def test_changing_the_agency_renews_every_page(published: PublishedWarning) -> None:
    agency = AgencySettings.load()
    queue = task_backends["delivery"]
    queue.clear()
    agency.name = "Công an thành phố Đà Nẵng"
    agency.save()
    # What waits for the commit changes its order: capturing only what is new would miss some of it.
    for _savepoints, call, *_robust in list(connection.run_on_commit):
        call()
    assert rebuild_portal in [result.task for result in queue.results]
    rebuild_portal.call()
    for path in ("/", published.path, "/404.html"):
        assert "Công an thành phố Đà Nẵng" in bake.file_for(path).read_text(encoding="utf-8")


def test_the_icon_a_page_holds_is_a_valid_address(client: Client) -> None:
    [icon] = re.findall(r'<link rel="icon" href="([^"]*)"', client.get("/canh-bao/").text)
    assert icon.startswith("data:image/svg+xml,")
    # RFC 3986; a space is what the Nu checker complains of first.
    assert re.fullmatch(r"[A-Za-z0-9._~:/?@!$&'()*+,;=%-]+", icon)
    etree.fromstring(unquote(icon.partition(",")[2]))
