"""Warnings by the people they are for."""

from django.test import Client

import pytest

from cms.portal import audiences, bake
from cms.portal.models import PublicState, PublishedWarning
from scam_warnings.snapshot import Named
from tests.portal import factories

pytestmark = pytest.mark.django_db
OLDER = Named("nguoi-cao-tuoi", "Người cao tuổi")
SPEAKERS = Named("bao-cao-vien", "Báo cáo viên")


def test_only_audiences_of_the_public_have_a_page(client: Client) -> None:
    factories.publish(factories.snapshot("Cho ông bà", audiences=(OLDER, SPEAKERS)))
    index = client.get("/doi-tuong/").text
    assert 'href="/doi-tuong/nguoi-cao-tuoi/"' in index
    assert "Báo cáo viên" not in index
    assert client.get("/doi-tuong/bao-cao-vien/").status_code == 404
    assert "Cho ông bà" in client.get("/doi-tuong/nguoi-cao-tuoi/").text


def test_older_people_get_large_print_and_few_words(client: Client) -> None:
    factories.publish(factories.snapshot(audiences=(OLDER, Named("phu-nu", "Phụ nữ"))))
    text = client.get("/doi-tuong/nguoi-cao-tuoi/").text
    assert '<html lang="vi" class="large-print">' in text
    assert text.index("Cần nhớ") < text.index("tel:113", text.index("<main")) < text.index('class="cards"')
    assert "large-print" not in client.get("/doi-tuong/phu-nu/").text


def test_what_a_new_version_is_no_longer_for_leaves_the_list(client: Client) -> None:
    first = factories.snapshot("Cho ông bà", audiences=(OLDER,))
    factories.publish(first)
    page = PublishedWarning.objects.get().page
    factories.publish(factories.snapshot("Cho ông bà", audiences=(Named("phu-nu", "Phụ nữ"),)), page=page)
    assert client.get("/doi-tuong/nguoi-cao-tuoi/").status_code == 404
    assert "Cho ông bà" in client.get("/doi-tuong/phu-nu/").text


def test_a_withdrawn_warning_leaves_every_page_at_once(client: Client) -> None:
    factories.publish(factories.snapshot("Còn lại", reference="CB-2026-00001", audiences=(OLDER,)))
    factories.publish(factories.snapshot("Nhầm", reference="CB-2026-00002", audiences=(OLDER,)))
    file = bake.file_for("/doi-tuong/nguoi-cao-tuoi/")
    assert "Nhầm" in file.read_text()
    wrong = PublishedWarning.objects.get(title="Nhầm")
    wrong.state = PublicState.WITHDRAWN
    wrong.save()
    bake.bake_for(wrong)
    assert "Nhầm" not in file.read_text()
    PublishedWarning.objects.update(state=PublicState.WITHDRAWN)
    bake.bake_for(wrong)
    assert not file.exists()
    assert "gọi 113" in client.get("/doi-tuong/").text


def test_a_publication_costs_the_same_however_many_there_are() -> None:
    factories.many(30, audiences=(OLDER,))
    warning = PublishedWarning.objects.latest("pk")
    pages = audiences.Pages()
    assert list(pages.around(warning)) == ["/doi-tuong/nguoi-cao-tuoi/"]
    assert len(list(pages.later(warning))) <= 1 + 5
    assert audiences.newest("nguoi-cao-tuoi").count() == 30


def test_the_name_is_that_of_the_newest_warning(client: Client) -> None:
    factories.many(1, audiences=(Named("tre", "Trẻ nhỏ"),))
    factories.publish(
        factories.snapshot("Mới", reference="CB-2026-00002", audiences=(Named("tre", "Trẻ em"),))
    )
    assert "<h1>Trẻ em</h1>" in client.get("/doi-tuong/tre/").text
    assert [entry.count for entry in audiences.entries()] == [2]
