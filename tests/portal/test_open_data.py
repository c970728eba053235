"""The public data: described, bounded, harmless in a spreadsheet, without what was withdrawn."""

import csv
import io
import json
import re
from typing import Any

from django.test import Client

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pytest_django import DjangoAssertNumQueries

from cms.editorial import withdrawal
from cms.portal import bake
from cms.portal.models import PublishedWarning
from cms.portal.opendata import lists, tables
from cms.portal.opendata.models import PublicChange
from publishers.dispatch import drain
from scam_warnings.snapshot import IndicatorRef
from tests import factories as product
from tests.portal import factories

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return json.loads(answer.content)


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    """The API's description."""
    found: dict[str, Any] = read(client, "/api/v1/openapi.json")
    return found


def test_the_description_is_openapi_3_1(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": factories.HOST}]


def test_every_answer_is_as_described(client: Client, document: dict[str, Any]) -> None:
    factories.publish(
        factories.snapshot(
            image=factories.picture("tranh"),
            official_no=3,
            expires_on="2027-01-01",
            indicators=(IndicatorRef("phone", "Số điện thoại", "09xx xxx 123"),),
        )
    )
    factories.publish(factories.snapshot("Sẽ thu hồi", reference="CB-2026-00002"))
    PublishedWarning.objects.filter(code="CB-2026-00002").update(state="withdrawn", note="Sai nguồn")
    factories.publish(factories.snapshot("Đã đính chính", reference="CB-2026-00003"))
    PublishedWarning.objects.filter(code="CB-2026-00003").update(state="corrected")
    checked = 0
    for template, operations in document["paths"].items():
        answer = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = {"$ref": answer["$ref"], "components": document["components"]}
        codes = [f"cb-2026-0000{number}" for number in (1, 2, 3)] if "{code}" in template else [""]
        for code in codes:
            path = template.replace("{number}", "1").replace("{code}", code)
            Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
                read(client, path)
            )
            checked += 1
    assert checked == 10


def test_a_withdrawn_warning_keeps_its_address_and_nothing_of_its_words(
    client: Client, lan: Any, minh: Any
) -> None:
    release = product.approved(product.submitted(lan, title="Bài sai hoàn toàn"), minh)
    drain("w")
    path = f"/api/v1/canh-bao/{release.reference.lower()}.json"
    assert "Bài sai hoàn toàn" in bake.file_for(path).read_text(encoding="utf-8")
    note = "Nguồn tin không chính xác"
    withdrawal.withdraw(
        release.page,
        minh,
        note=note,
        seen_seal=withdrawal.draft(release.page, note).seal,
        not_secret=True,
    )
    drain("w")
    found = json.loads(bake.file_for(path).read_text(encoding="utf-8"))
    assert (found["state"], found["note"]) == ("withdrawn", note)
    assert "title" not in found
    for place in ("/api/v1/canh-bao.json", "/api/v1/canh-bao/trang-1.json", "/nhung/", "/ngoai-tuyen/"):
        assert "Bài sai hoàn toàn" not in bake.file_for(place).read_text(encoding="utf-8"), place
    assert bake.file_for("/ngoai-tuyen/danh-sach.json").read_text().count('"path"') == 1
    for place in ("/du-lieu-mo/canh-bao.csv", "/du-lieu-mo/canh-bao.json"):
        assert "Bài sai hoàn toàn" not in client.get(place).content.decode()
    changes = read(client, "/api/v1/thay-doi.json")["changes"]
    assert [change["kind"] for change in changes] == ["withdrawn", "published"]
    assert json.loads(bake.file_for("/api/v1/thay-doi/trang-1.json").read_text())["changes"] == changes[::-1]


def test_pages_are_bounded_and_stay_as_they_are(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("cms.portal.opendata.lists.PER_PAGE", 2)
    monkeypatch.setattr("cms.portal.opendata.changes.PER_PAGE", 2)
    first_pk = (PublishedWarning.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    factories.many(5)
    seen: list[str] = []
    path: str | None = f"/api/v1/canh-bao/trang-{lists.page_of(first_pk)}.json"
    while path:
        with django_assert_num_queries(2):
            found = read(client, path)
        assert len(found["warnings"]) <= 2
        seen += [row["code"] for row in found["warnings"]]
        path = found["next"] and found["next"].removeprefix(factories.HOST)
    assert seen == [f"CB-2026-{number:05d}" for number in range(1, 6)]
    seqs: list[int] = []
    path = read(client, "/api/v1/thay-doi.json")["last_page"].removeprefix(factories.HOST)
    while path and len(seqs) < 5:
        found = read(client, path)
        seqs = [row["seq"] for row in found["changes"]] + seqs
        path = found["previous"] and found["previous"].removeprefix(factories.HOST)
    assert seqs[-5:] == list(PublicChange.objects.values_list("pk", flat=True))[-5:]


def test_publishing_the_same_release_again_is_one_change() -> None:
    message = factories.release()
    backend = factories.PortalBackend()
    backend.publish(message)
    backend.publish(message)
    assert PublicChange.objects.count() == 1


def test_the_table_opens_in_a_spreadsheet(client: Client) -> None:
    factories.publish(
        factories.snapshot(
            slug="cong-thuc",
            title='=HYPERLINK("http://x")',
            warning_signs=("+84", "@a", 'b"c'),
            english=factories.english("=1 Fake tax"),
        )
    )
    raw = client.get("/du-lieu-mo/canh-bao.csv").content.decode("utf-8")
    assert raw.startswith("\ufeffcode,version,")
    [row] = csv.DictReader(io.StringIO(raw.removeprefix("\ufeff")))
    assert row["title"] == '\'=HYPERLINK("http://x")'
    assert row["warning_signs"] == "'+84\n@a\nb\"c"
    assert "Báo cáo viên" not in row["audiences"]
    assert row["url"] == f"{factories.HOST}/canh-bao/cong-thuc/"
    assert (row["title_en"], row["url_en"]) == ("'=1 Fake tax", f"{factories.HOST}/en/canh-bao/cong-thuc/")


@given(cell=st.text())
@example(cell="\f=1")
@example(cell=" \t=1")
def test_no_cell_is_a_formula(cell: str) -> None:
    made = tables.neutral(cell)
    assert not re.match(r"\s*[=+\-@\t\r＝＋－＠]", made)
    assert made.endswith(cell)


def test_what_only_speakers_see_is_not_public(client: Client) -> None:
    factories.publish()
    assert "bao-cao-vien" not in client.get("/api/v1/canh-bao/cb-2026-00001.json").content.decode()
    assert read(client, "/api/v1/doi-tuong.json") == {"audiences": [{"key": "toan-dan", "name": "Người dân"}]}


def test_the_page_explains_it(client: Client) -> None:
    factories.publish()
    text = client.get("/du-lieu-mo/").content.decode()
    for words in ("CC BY 4.0", "/du-lieu-mo/canh-bao.csv", "/api/v1/openapi.json", "/cap/canh-bao.atom.xml"):
        assert words in text
