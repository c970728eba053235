"""The public log of corrections and withdrawals."""

from datetime import timedelta
from pathlib import Path

from django.test import Client
from django.utils import timezone

import pytest

from cms.editorial import approval, withdrawal
from cms.portal import bake
from publishers.dispatch import drain
from publishers.models import Release
from tests import factories
from tests.portal import factories as portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(lan, minh):
    made = factories.approved(factories.submitted(lan, title="Bài có lỗi"), minh)
    drain("w")
    return made


def correct(page, lan, minh, note, **values):
    draft = page.get_latest_revision_as_object()
    for name, value in {"correction_note": note, **values}.items():
        setattr(draft, name, value)
    draft.save_revision(user=lan)
    return factories.approved(approval.submit(page, lan, not_secret=True), minh)


def withdraw(page, minh, note):
    return withdrawal.withdraw(
        page, minh, note=note, seen_seal=withdrawal.draft(page, note).seal, not_secret=True
    )


def log(client: Client, path="/dinh-chinh/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_it_is_there_from_the_first_publication_and_linked_from_every_page(
    release, client, portal_root: Path
):
    assert "Đến nay chưa có cảnh báo nào" in log(client)
    assert (portal_root / "dinh-chinh/index.html").read_text() == log(client)
    assert 'href="/dinh-chinh/"' in client.get("/").content.decode()
    assert "/dinh-chinh/" in client.get("/sitemap/trang.xml").content.decode()


def test_a_correction_and_a_withdrawal_appear_in_the_finished_file_when_published(
    release, lan, minh, client, portal_root: Path
):
    file = portal_root / "dinh-chinh/index.html"
    correct(release.page, lan, minh, "Sửa số tổng đài <113>.")
    assert "Sửa số tổng đài" not in log(client), "approved, but not public yet"
    drain("w")
    text = file.read_text()
    assert "Sửa số tổng đài &lt;113&gt;." in text
    assert f'href="/canh-bao/{release.page.slug}/"' in text
    withdraw(release.page, minh, "Thông tin không đúng.")
    drain("w")
    text = file.read_text()
    assert text.index("Thông tin không đúng.") < text.index("Sửa số tổng đài")
    assert text == log(client)


def test_an_entry_keeps_the_words_that_were_sealed(release, lan, minh, client):
    correct(release.page, lan, minh, "Sửa tên bài.", title="Bài đã sửa tên")
    drain("w")
    correct(release.page, lan, minh, "Sửa tên bài.", title="Tên mới nữa", summary="Cập nhật nhỏ.")
    drain("w")
    text = log(client)
    assert "Bài đã sửa tên" in text
    assert "Tên mới nữa" not in text
    draft = release.page.get_latest_revision_as_object()
    draft.correction_note = "Nháp chưa duyệt."
    draft.save_revision(user=lan)
    assert "Nháp chưa duyệt." not in log(client)


def test_it_has_pages_and_each_is_a_file(db, client, portal_root: Path):
    portal.publish_all(
        (portal.snapshot(f"Bài {number}", reference=f"CB-2026-{number + 1:05d}"), None)
        for number in range(14)
    )
    Release.objects.update(kind=Release.Kind.CORRECTION, note="Sửa.")
    for place, made in enumerate(Release.objects.order_by("pk")):
        Release.objects.filter(pk=made.pk).update(sealed_at=timezone.now() - timedelta(days=place))
    bake.bake_everything()
    second = portal_root / "dinh-chinh/trang/2/index.html"
    assert second.read_text() == log(client, "/dinh-chinh/trang/2/")
    assert log(client).count("log__title") == 12
    assert client.get("/dinh-chinh/trang/3/").status_code == 404
    Release.objects.update(kind=Release.Kind.PUBLICATION)
    bake.bake_everything()
    assert not second.exists()


def test_the_log_costs_the_same_for_many_entries(db, client, django_assert_num_queries):
    portal.publish_all(
        (portal.snapshot(f"Bài {number}", reference=f"CB-2026-{number + 1:05d}"), None) for number in range(8)
    )
    Release.objects.update(kind=Release.Kind.CORRECTION, note="Sửa.")
    with django_assert_num_queries(4):
        log(client)


def test_the_page_lists_its_versions_with_what_changed(release, lan, minh, client):
    address = f"/canh-bao/{release.page.slug}/"
    correct(release.page, lan, minh, "Sửa số tổng đài.")
    assert "Phiên bản 2" not in client.get(address).content.decode(), "approved, but not public yet"
    drain("w")
    text = client.get(address).content.decode()
    versions = text[text.index('class="versions"') : text.index("</ol>", text.index('class="versions"'))]
    assert versions.index("Phiên bản 2") < versions.index("Phiên bản 1")
    assert "Đính chính: Sửa số tổng đài." in versions
    assert "Xuất bản lần đầu" in versions
