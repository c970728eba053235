"""The portal and its feeds are compared with what was approved like any other channel."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

import pytest

from cms.editorial import withdrawal
from cms.portal import bake, shown
from cms.portal.models import PublishedWarning
from publishers.models import Discrepancy
from publishers.watch.reconcile import reconcile
from tests import factories
from tests.delivery.conftest import change, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def warning(lan, minh, site, engine) -> Iterator[PublishedWarning]:
    """A published warning, in the feeds too; its files are gone afterwards."""
    factories.channel("feed", "Bản tin", "feed")
    page = factories.warning(lan)
    sign(page, lan, minh)
    engine.turn()
    engine.turn(30)
    yield PublishedWarning.objects.get(page=page)
    shutil.rmtree(settings.PORTAL_ROOT, ignore_errors=True)


@pytest.fixture
def look(engine):
    """One round a minute later; what stands open afterwards."""

    def round_() -> list[tuple[str, str]]:
        engine.now += timedelta(seconds=60)
        reconcile(engine.now)
        rows = Discrepancy.objects.filter(resolved_at__isnull=True)
        return sorted((row.kind, row.channel.kind) for row in rows)

    return round_


def page_of(warning: PublishedWarning) -> Path:
    return bake.file_for(warning.path)


def test_all_is_well_before_and_after_an_update(warning, look, lan, minh, engine):
    assert look() == []
    page = warning.page
    page.refresh_from_db()
    change(page, lan, summary="Tóm tắt mới, dài hơn trước một chút.")
    sign(page, lan, minh)
    engine.turn()
    engine.turn(30)
    assert look() == []


def test_a_page_that_is_gone_is_reported_until_it_is_back(warning, look):
    body = page_of(warning).read_bytes()
    page_of(warning).unlink()
    assert look() == [("deleted", "portal")]
    page_of(warning).write_bytes(body)
    assert look() == []


def test_other_words_on_the_page_are_reported(warning, look):
    assert look() == []
    body = page_of(warning).read_text(encoding="utf-8")
    assert warning.title in body
    page_of(warning).write_text(body.replace(warning.title, "Không có gì đáng lo"), encoding="utf-8")
    assert look() == [("altered", "portal")]


def test_other_words_in_the_database_are_reported_even_if_the_page_follows(warning, look):
    assert look() == []
    warning.snapshot["title"] = "Không có gì đáng lo"
    warning.save()
    bake.bake_for(warning)
    assert look() == [("altered", "portal")]


def test_a_page_nobody_signed_is_reported(warning, look):
    stranger = Path(settings.PORTAL_ROOT) / "canh-bao" / "trang-la" / "index.html"
    stranger.parent.mkdir(parents=True)
    stranger.write_text("<p>Chuyển tiền vào đây</p>", encoding="utf-8")
    assert look() == [("foreign", "portal")]
    stranger.unlink()
    assert look() == []


def test_an_altered_feed_is_reported(warning, look):
    assert look() == []
    rss = bake.file_for(bake.FEEDS[0])
    rss.write_text(rss.read_text(encoding="utf-8").replace(warning.title, "Khác"), encoding="utf-8")
    assert look() == [("altered", "feed")]


def test_a_withdrawn_warning_is_as_it_should_be(warning, look, minh, engine):
    note = "Thông tin chưa chính xác."
    draft = withdrawal.draft(warning.page, note)
    withdrawal.withdraw(warning.page, minh, note=note, seen_seal=draft.seal, not_secret=True)
    engine.turn()
    engine.turn(30)
    assert look() == []
    page_of(warning).write_text("<article>Vẫn còn</article>", encoding="utf-8")
    assert look() == [("altered", "portal")]


def test_a_related_warning_that_is_not_named_yet_is_no_alteration(warning, look, lan, minh, engine):
    assert look() == []
    # Of the same type: the page of the first names it once the neighbours are renewed, which takes its time.
    sign(factories.warning(lan, title="Một vụ khác cùng loại", slug="vu-khac-cung-loai"), lan, minh)
    engine.turn()
    engine.turn(30)
    assert b"vu-khac-cung-loai" in bake.rendered(warning.path)
    assert b"vu-khac-cung-loai" not in page_of(warning).read_bytes()
    shown._verified.clear()
    assert look() == []
