"""CAP 1.2: messages that OASIS' own schema accepts, and that name those they take the place of."""

import re
from dataclasses import replace
from pathlib import Path

from django.test import Client

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree
from pytest_django import Settings

from cms.editorial import approval, withdrawal
from cms.portal.cap import message
from cms.portal.models import PublishedWarning
from cms.users.enums import UnitKind
from cms.users.models import Unit
from publishers.dispatch import drain
from scam_warnings.snapshot import Named
from tests import factories as product
from tests.portal import factories

pytestmark = pytest.mark.django_db
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "CAP-v1.2.xsd"))
CAP = {"c": message.NAMESPACE}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def alert(client: Client, code: str = "CB-2026-00001") -> etree._Element:
    """The message of a warning, valid."""
    answer = client.get(f"/cap/{code.lower()}.xml")
    assert answer.status_code == 200
    found = etree.fromstring(answer.content)
    SCHEMA.assertValid(found)
    return found


def text(found: etree._Element, path: str) -> str:
    return str(found.findtext("/".join(f"c:{step}" for step in path.split("/")), namespaces=CAP))


def test_a_first_publication_is_an_alert(client: Client) -> None:
    factories.publish(factories.snapshot(expires_on="2026-12-31", valid_from="2026-11-01"))
    found = alert(client)
    assert text(found, "identifier") == "CB-2026-00001"
    assert text(found, "sender") == "127.0.0.1:8000"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", text(found, "sent"))
    assert [text(found, name) for name in ("status", "msgType", "scope")] == ["Actual", "Alert", "Public"]
    assert found.find("c:references", CAP) is None
    assert text(found, "info/language") == "vi-VN"
    assert text(found, "info/event") == "Giả danh cơ quan thuế, ứng dụng thuế giả"
    assert text(found, "info/effective") == "2026-11-01T00:00:00+07:00"
    assert text(found, "info/expires") == "2026-12-31T23:59:59+07:00"
    assert "Gọi điện tự xưng cán bộ thuế." in text(found, "info/description")
    assert "Không đọc mã OTP." in text(found, "info/instruction")
    assert text(found, "info/web") == f"{factories.HOST}/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"


@pytest.mark.parametrize(
    ("severity", "weights"),
    [
        ("urgent", ["Immediate", "Severe", "Observed"]),
        ("caution", ["Expected", "Moderate", "Observed"]),
        ("info", ["Future", "Minor", "Likely"]),
    ],
)
def test_weights(client: Client, severity: str, weights: list[str]) -> None:
    factories.publish(factories.snapshot(severity=Named(severity, "Mức")))
    found = alert(client)
    assert [text(found, f"info/{name}") for name in ("urgency", "severity", "certainty")] == weights


def test_practice_is_an_exercise(client: Client, settings: Settings) -> None:
    settings.PRACTICE = True
    factories.publish(factories.snapshot())
    assert text(alert(client), "status") == "Exercise"


def test_an_update_and_a_withdrawal_name_the_messages_before_them(client: Client, lan, minh) -> None:
    release = product.approved(product.submitted(lan, title="Bài có lỗi"), minh)
    drain("w")
    code = release.reference
    first = alert(client, code)
    page = release.page
    draft = page.get_latest_revision_as_object()
    draft.correction_note = "Sửa số điện thoại"
    draft.save_revision(user=lan)
    product.approved(approval.submit(page, lan, not_secret=True), minh)
    drain("w")
    second = alert(client, code)
    assert text(second, "msgType") == "Update"
    assert text(second, "identifier") == f"{code}.2"
    assert text(second, "note") == "Sửa số điện thoại"
    assert text(second, "references") == f"{text(first, 'sender')},{code},{text(first, 'sent')}"

    note = "Nguồn tin không chính xác"
    seal = withdrawal.draft(page, note).seal
    withdrawal.withdraw(page, minh, note=note, seen_seal=seal, not_secret=True)
    drain("w")
    third = alert(client, code)
    assert text(third, "msgType") == "Cancel"
    assert text(third, "references").split() == [
        f"{text(earlier, 'sender')},{text(earlier, 'identifier')},{text(earlier, 'sent')}"
        for earlier in (first, second)
    ]
    assert text(third, "info/description") == f"Cảnh báo này đã được thu hồi. {note}"
    assert third.find("c:info/c:instruction", CAP) is None
    entries = etree.fromstring(client.get("/cap/canh-bao.atom.xml").content).findall("a:entry", ATOM)
    assert len(entries) == 1
    assert entries[0].findtext("a:title", namespaces=ATOM).startswith("Đã thu hồi: ")


def test_the_feed_links_to_the_messages(client: Client) -> None:
    factories.many(2)
    feed = etree.fromstring(client.get("/cap/canh-bao.atom.xml").content)
    links = feed.xpath("a:entry/a:link[@type='application/cap+xml']/@href", namespaces=ATOM)
    assert links == [f"{factories.HOST}/cap/cb-2026-0000{number}.xml" for number in (2, 1)]


def test_the_area_is_the_commune_of_the_unit_with_its_official_number(client: Client) -> None:
    factories.publish(factories.snapshot())
    page = PublishedWarning.objects.get().page
    province = Unit.objects.create(name="Tỉnh Mẫu", kind=UnitKind.PROVINCE, code="27")
    ward = Unit.objects.create(name="Phường Mẫu", kind=UnitKind.WARD, code="12345", parent=province)
    division = Unit.objects.create(name="Tổ Mẫu", kind=UnitKind.DIVISION, code="PA05", parent=ward)
    for unit, name, number in ((division, "Phường Mẫu", "12345"), (province, "Tỉnh Mẫu", "27")):
        type(page).objects.filter(pk=page.pk).update(unit=unit)
        found = alert(client)
        assert text(found, "info/area/areaDesc") == name
        assert text(found, "info/area/geocode/valueName") == "VN-DVHC"
        assert text(found, "info/area/geocode/value") == number


@given(words=st.text(max_size=300))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_words_break_a_message(words: str, one: PublishedWarning) -> None:
    sealed = replace(one.content(), title=words, summary=words, how_it_works=(words,), what_to_do=(words,))
    one.snapshot = sealed.to_json()
    SCHEMA.assertValid(etree.fromstring(message.document(one)))


@pytest.fixture
def one() -> PublishedWarning:
    factories.publish()
    return PublishedWarning.objects.select_related("release", "page__unit").get()


def test_a_warning_with_english_says_the_same_in_a_second_block(client: Client) -> None:
    said = factories.english(summary="They want you to install a fake app.")
    factories.publish(factories.snapshot(expires_on="2026-12-31", english=said))
    vietnamese, english = alert(client).findall("c:info", CAP)
    spoken = [info.findtext("c:language", namespaces=CAP) for info in (vietnamese, english)]
    assert spoken == ["vi-VN", "en"]
    for name in ("urgency", "severity", "certainty", "expires", "category", "responseType"):
        assert english.findtext(f"c:{name}", namespaces=CAP) == vietnamese.findtext(
            f"c:{name}", namespaces=CAP
        )
    assert english.findtext("c:headline", namespaces=CAP) == said.title
    assert english.findtext("c:event", namespaces=CAP) == said.scam_type
    description = english.findtext("c:description", namespaces=CAP)
    assert description.startswith(said.summary)
    assert "Warning signs:" in description
    assert "Call your bank." in english.findtext("c:instruction", namespaces=CAP)
    assert "/en/canh-bao/" in english.findtext("c:web", namespaces=CAP)
    # The card has Vietnamese words on it.
    assert english.find("c:resource", CAP) is None


def test_a_withdrawal_is_told_in_english_too(client: Client) -> None:
    factories.publish(factories.snapshot(english=factories.english()))
    PublishedWarning.objects.update(state="withdrawn", note="Sai nguồn")
    vietnamese, english = alert(client).findall("c:info", CAP)
    assert "Sai nguồn" in vietnamese.findtext("c:description", namespaces=CAP)
    assert english.findtext("c:headline", namespaces=CAP).startswith("Withdrawn warning: Fake tax")
    assert english.findtext("c:description", namespaces=CAP) == "This warning has been withdrawn."
