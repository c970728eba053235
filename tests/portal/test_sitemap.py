"""The sitemap: an index and bounded files; a publication changes one of them."""

from xml.etree import ElementTree

from django.test import Client

import pytest
from pytest_django import DjangoAssertNumQueries

from cms.portal import bake
from cms.portal.models import PublishedWarning
from cms.portal.sitemap import files
from tests.portal import factories

pytestmark = pytest.mark.django_db
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def places(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    found = ElementTree.fromstring(answer.content).iterfind("s:*/s:loc", SITEMAP)
    return [str(place.text).removeprefix(factories.HOST) for place in found]


def test_every_public_page_is_in_one_file_of_the_index(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PER_FILE", 2)
    factories.many(5)
    index = places(client, "/sitemap.xml")
    assert index[0] == "/sitemap/trang.xml"
    found = [place for part in index for place in places(client, part)]
    assert len(found) == len(set(found))
    assert {row.path for row in PublishedWarning.objects.all()} <= set(found)
    assert {"/", "/canh-bao/", "/dinh-chinh/", "/du-lieu-mo/", "/hinh-thuc/gia-danh-co-quan-thue/"} <= set(
        found
    )
    assert all(len(places(client, part)) <= 2 for part in index[1:])


def test_a_publication_changes_the_index_and_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PER_FILE", 2)
    factories.many(6)
    bake.bake_everything()
    factories.publish(factories.snapshot("Mới nhất", reference="CB-2026-00077"))
    warning = PublishedWarning.objects.get(code="CB-2026-00077")
    report = bake.bake_neighbours(warning)
    changed = [path for path in report.written if path.startswith("/sitemap/")]
    assert changed == [files.part_of(warning)]


def test_the_index_costs_little_for_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.many(8)
    with django_assert_num_queries(3):
        client.get("/sitemap.xml")
