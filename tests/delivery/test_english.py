"""A warning that has an English version: one signature for both languages, two pages, and what becomes of them."""

import json
import shutil
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

import pytest

from cms.editorial import approval, withdrawal
from cms.editorial.changes import changes
from cms.portal import bake, shown
from cms.portal.models import PublishedWarning
from publishers.models import Discrepancy, Payload
from publishers.states import PUBLIC
from publishers.watch.reconcile import reconcile
from scam_warnings.composing import snapshot_of
from scam_warnings.snapshot import Snapshot
from tests import factories
from tests.delivery.conftest import change, sign

pytestmark = pytest.mark.django_db
EMPTY = {name: [] if isinstance(value, list) else "" for name, value in factories.english_content().items()}


@pytest.fixture
def page(lan, minh, site, engine) -> Iterator[object]:
    """A published warning with an English version; its files are gone afterwards."""
    factories.channel("feed", "Nguồn cấp tin", "")
    made = factories.warning(lan, **factories.english_content())
    sign(made, lan, minh)
    engine.turn()
    yield made
    shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)


def public(page) -> PublishedWarning:
    return PublishedWarning.objects.get(page=page)


def file(path: str) -> str:
    return bake.file_for(path).read_text(encoding="utf-8")


def test_one_signature_publishes_both_pages_and_each_names_the_other(page, client):
    row = public(page)
    title = factories.english_content()["title_en"]
    vietnamese, english = file(row.path), file(row.english_path)
    assert row.english_path == f"/en{row.path}"
    assert '<html lang="en"' in english
    for words in ("How it works", "Fake tax office and e-tax app", "Police (emergency)", "Published on"):
        assert words in english
    for text in (vietnamese, english):
        for language, path in (("vi", row.path), ("en", row.english_path), ("x-default", row.path)):
            assert f'hreflang="{language}" href="{settings.PUBLIC_URL}{path}"' in text
    assert title.split("”")[0] not in vietnamese
    for path in ("/en/", "/en/canh-bao/"):
        assert row.english_path in file(path)
    assert row.english_path in client.get("/sitemap/canh-bao-1.xml").text
    statement = json.loads(file(f"/xac-minh/du-lieu/{row.code.lower()}.json"))
    record = json.loads(file(f"/api/v1/canh-bao/{row.code.lower()}.json"))
    assert statement["content"]["english"]["title"] == record["english"]["title"] == title
    assert "CB-" in client.post("/xac-minh/", {"q": f"{settings.PUBLIC_URL}{row.english_path}"}).text


def test_without_english_nothing_is_sealed_differently_and_there_is_no_page(lan, minh, site, engine, client):
    page = factories.warning(lan)
    plain = snapshot_of(page, reference="CB-1").to_json()
    assert "english" not in plain
    assert Snapshot.from_json(plain).to_json() == plain
    sign(page, lan, minh)
    engine.turn()
    row = public(page)
    assert client.get(f"/en{row.path}").status_code == 404
    assert "hreflang" not in file(row.path).split("<body")[0]
    assert "english" not in file(f"/xac-minh/du-lieu/{row.code.lower()}.json")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"what_to_do_en": []}, "what_to_do_en"),
        ({"summary_en": ""}, "summary_en"),
        ({"sample_message_en": ""}, "sample_message_en"),
        ({"details_en": "<p>More</p>"}, "details_en"),
        ({"how_it_works_en": ["x" * 301]}, "how_it_works_en"),
        ({"summary_en": "Call 0912 345 678 for your money."}, "summary_en"),
        ({"title_en": "From a paper marked TỐI MẬT"}, "title_en"),
        ({"title_en": "x" * 100, "summary_en": "y" * 301}, "summary_en"),
    ],
)
def test_half_an_english_version_or_private_data_in_it_is_refused_and_nothing_is_lost(
    lan, site, given, field
):
    words = factories.english_content()
    page = factories.warning(lan, **words)
    lists = {
        name: [("point", text) for text in value] for name, value in given.items() if isinstance(value, list)
    }
    draft = page.get_latest_revision_as_object()
    for name, value in {**given, **lists}.items():
        setattr(draft, name, value)
    draft.save_revision(user=lan, clean=False)
    with pytest.raises(ValidationError) as refused:
        approval.submit(page, lan, not_secret=True)
    assert list(refused.value.message_dict) == [field]
    kept = page.get_latest_revision_as_object()
    assert kept.if_you_are_a_victim_en[0].value == words["if_you_are_a_victim_en"][0]
    assert not page.workflow_in_progress


def test_a_correction_without_english_leaves_a_notice_at_the_english_address(page, lan, minh, engine, client):
    change(page, lan, **EMPTY, correction_note="Sửa số liệu.")
    state = approval.submit(page, lan, not_secret=True)
    # The approver sees what goes.
    labels = [
        str(section.label)
        for item in changes(approval.under_review(state)).changed
        for section in item.sections
    ]
    assert "Tiêu đề (tiếng Anh)" in labels
    factories.approved(state, minh)
    engine.turn()
    row = public(page)
    notice = file(row.english_path)
    assert "no English version any more" in notice
    assert f'href="{row.path}"' in notice
    assert factories.english_content()["summary_en"] not in notice
    assert "hreflang" not in file(row.path).split("<body")[0]
    for path in ("/en/", "/en/canh-bao/"):
        assert row.english_path not in file(path)
    # Back again: the note of the correction had no English.
    change(
        page,
        lan,
        **{
            name: [("point", text) for text in value] if isinstance(value, list) else value
            for name, value in factories.english_content().items()
        },
        correction_note="",
    )
    sign(page, lan, minh)
    engine.turn()
    assert '<span lang="vi">Sửa số liệu.</span>' in file(row.english_path)


def test_a_corrected_english_version_says_what_was_corrected(page, lan, minh, engine):
    change(
        page,
        lan,
        summary_en="Better words.",
        correction_note="Sửa chữ.",
        correction_note_en="Wording mended.",
    )
    sign(page, lan, minh)
    engine.turn()
    english = file(public(page).english_path)
    assert "Better words." in english
    assert "Wording mended." in english
    assert "Sửa chữ." not in english
    [item] = json.loads(file("/feeds/en/canh-bao.feed.json"))["items"]
    assert item["title"].startswith("Corrected: ")
    assert item["content_text"] == "Wording mended. – Better words."


def test_a_withdrawn_warning_says_so_in_english(page, minh, engine):
    note = "Thông tin chưa chính xác."
    seal = withdrawal.draft(page, note).seal
    withdrawal.withdraw(page, minh, note=note, seen_seal=seal, not_secret=True)
    engine.turn()
    row = public(page)
    english = file(row.english_path)
    assert "This warning has been withdrawn." in english
    assert factories.english_content()["summary_en"] not in english
    assert row.english_path not in file("/en/canh-bao/")
    [item] = json.loads(file("/feeds/en/canh-bao.feed.json"))["items"]
    assert item["title"] == f"Withdrawn warning: {factories.english_content()['title_en']}"
    assert item["content_text"] == "This warning has been withdrawn."


def test_english_that_nobody_signed_does_not_stay_unseen(page, lan, minh, engine):
    shown._verified.clear()
    row = public(page)
    bake.file_for(row.english_path).write_text(
        '<article class="warning">Pay here</article>', encoding="utf-8"
    )
    reconcile(engine.now)
    assert [found.kind for found in Discrepancy.objects.filter(resolved_at__isnull=True)] == ["altered"]
    other = factories.warning(lan, slug="sua-trong-kho", **factories.english_content())
    release = sign(other, lan, minh)
    payload = Payload.objects.get(release=release, channel__kind="portal")
    payload.data["snapshot"]["english"]["title"] = "Pay here"
    payload.save()
    engine.turn()
    assert not PublishedWarning.objects.filter(page=other).exists()
    assert payload.delivery.state not in PUBLIC


def test_the_approver_sees_the_english_page(lan, minh, site, client):
    state = factories.submitted(lan, **factories.english_content())
    client.force_login(minh)
    address = reverse("editorial:review_portal", args=[state.pk])
    assert f"{address}?english" in client.get(reverse("editorial:review", args=[state.pk])).text
    framed = client.get(f"{address}?english").text
    assert '<html lang="en"' in framed
    assert factories.english_content()["summary_en"].split("’")[0] in framed
