"""A sealed release becomes public, once, whole, and only if it was sealed."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import DataError, transaction
from django.utils import timezone

import pytest

from cms.portal import bake
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.publishing import PortalBackend
from publishers import registry
from publishers.adapters.base import Endpoint
from publishers.contracts import Rejected, Temporary
from publishers.models import Channel, Payload, Release
from scam_warnings.models import ScamWarningPage
from tests.portal import factories

pytestmark = pytest.mark.django_db
BACKEND = PortalBackend()


def state() -> list[dict[str, Any]]:
    return list(PublishedWarning.objects.order_by("pk").values())


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in root.rglob("*") if file.is_file()
    }


def test_publishing_makes_page_file_and_live_revision(portal_root: Path) -> None:
    sealed_at = timezone.now() - dt.timedelta(days=3)
    message = factories.release(factories.snapshot("Đặt cọc “giữ chỗ” ở Đà Lạt"), sealed_at=sealed_at)
    receipt = BACKEND.publish(message)

    warning = PublishedWarning.objects.get()
    assert warning.slug == "dat-coc-giu-cho-o-da-lat"
    assert receipt.remote_id == f"portal:{message.data['page_id']}:{Release.objects.get().pk}"
    assert receipt.url == "http://127.0.0.1:8000/canh-bao/dat-coc-giu-cho-o-da-lat/"
    assert warning.published_at == warning.updated_at == receipt.published_at == sealed_at
    assert warning.payload_hash == Payload.objects.get().hash
    page = ScamWarningPage.objects.get()
    assert page.live
    assert page.live_revision_id == message.data["revision_id"]
    assert "Đặt cọc “giữ chỗ” ở Đà Lạt" in bake.file_for(warning.path).read_text(encoding="utf-8")


def test_publishing_again_changes_nothing(portal_root: Path) -> None:
    message = factories.release()
    first = BACKEND.publish(message)
    before, baked = state(), files(portal_root)
    assert BACKEND.publish(message) == first
    assert state() == before
    assert files(portal_root) == baked


def test_a_repeat_keeps_a_correction_made_since() -> None:
    message = factories.release()
    BACKEND.publish(message)
    PublishedWarning.objects.update(state=PublicState.CORRECTED)
    BACKEND.publish(message)
    assert PublishedWarning.objects.get().state == PublicState.CORRECTED


def test_a_crash_before_the_files_is_healed_by_repeating(portal_root: Path) -> None:
    message = factories.release()
    portal_root.parent.mkdir(exist_ok=True)
    portal_root.write_text("in the way")
    with pytest.raises(Temporary) as refused:
        BACKEND.publish(message)
    assert refused.value.code == "portal_files"
    assert PublishedWarning.objects.count() == 1
    portal_root.unlink()
    assert BACKEND.find(message) is None
    receipt = BACKEND.publish(message)
    assert BACKEND.find(message) == receipt
    assert bake.is_current(PublishedWarning.objects.get().path)


def test_a_newer_release_replaces_and_an_older_never_comes_back() -> None:
    sealed = factories.snapshot(reference="CB-2026-00009")
    day = timezone.now() - dt.timedelta(days=2)
    first = factories.release(sealed, sealed_at=day)
    page = ScamWarningPage.objects.get()
    second = factories.release(
        replace(sealed, summary="Bản mới."), page=page, sealed_at=day + dt.timedelta(days=1)
    )
    BACKEND.publish(first)
    newer = BACKEND.publish(second)
    warning = PublishedWarning.objects.get()
    assert (warning.summary, warning.release_number, warning.code) == ("Bản mới.", 2, "CB-2026-00009")
    assert (warning.published_at, warning.updated_at) == (day, day + dt.timedelta(days=1))

    before = state()
    assert BACKEND.publish(first) == newer
    assert BACKEND.find(first) == newer
    assert state() == before
    page.refresh_from_db()
    assert page.live_revision_id == second.data["revision_id"]


def test_out_of_order_delivery_ends_with_the_newest() -> None:
    sealed = factories.snapshot(reference="CB-2026-00010")
    first = factories.release(sealed)
    second = factories.release(replace(sealed, title="Tên mới"), page=ScamWarningPage.objects.get())
    newer = BACKEND.publish(second)
    assert BACKEND.publish(first) == newer
    assert PublishedWarning.objects.get().title == "Tên mới"


def tampered(change: str, data: dict[str, Any]) -> dict[str, Any]:
    changed = dict(data)
    match change:
        case "text":
            changed["snapshot"] = {**data["snapshot"], "summary": "Chưa ai duyệt."}
        case "slug":
            changed["snapshot"] = {**data["snapshot"], "slug": "khac"}
        case "number":
            changed["number"] = 2
        case "revision":
            changed["revision_id"] = data["revision_id"] + 1000
        case "page":
            changed["page_id"] = 1
        case "kind":
            changed["number"] = str(data["number"])
        case "hash":
            changed["revision_hash"] = "0" * 64
        case "missing":
            del changed["snapshot"]
        case "empty":
            changed = {}
    return changed


@pytest.mark.parametrize(
    "change", ["text", "slug", "number", "revision", "hash", "page", "kind", "missing", "empty"]
)
def test_what_was_not_sealed_is_refused(change: str, portal_root: Path) -> None:
    message = factories.release()
    with pytest.raises(Rejected) as refused:
        BACKEND.publish(replace(message, data=tampered(change, dict(message.data))))
    assert refused.value.code == "unsealed"
    assert not PublishedWarning.objects.exists()
    assert not ScamWarningPage.objects.get().live
    assert not list(portal_root.rglob("*.html"))


def test_a_payload_of_another_channel_is_not_enough() -> None:
    fanpage = Channel.objects.create(name="Fanpage", kind="facebook_page", remote_id="1")
    message = factories.release(channel=fanpage)
    with pytest.raises(Rejected):
        BACKEND.publish(message)


@pytest.mark.parametrize("slug", ["trang", "../admin", "Chữ-Hoa", "a--b", "", "a/b", "x" + chr(0)])
def test_addresses_that_cannot_be_are_refused(slug: str) -> None:
    message = factories.release(factories.snapshot())
    data = {**message.data, "snapshot": {**message.data["snapshot"], "slug": slug}}
    # A row that no database keeps cannot be there either.
    with suppress(DataError), transaction.atomic():
        Payload.objects.update(data=data)
    with pytest.raises(Rejected) as refused:
        BACKEND.publish(replace(message, data=data))
    assert refused.value.code in {"bad_address", "unsealed"}
    assert not PublishedWarning.objects.exists()


def test_an_address_is_permanent_and_belongs_to_one_warning() -> None:
    sealed = factories.snapshot("Một", reference="CB-2026-00001")
    BACKEND.publish(factories.release(sealed))
    moved = factories.release(replace(sealed, slug="hai"), page=ScamWarningPage.objects.get())
    with pytest.raises(Rejected) as refused:
        BACKEND.publish(moved)
    assert refused.value.code == "address_changed"

    other = factories.release(factories.snapshot("Ba", reference="CB-2026-00002"))
    data = {**other.data, "snapshot": {**other.data["snapshot"], "slug": "mot"}}
    Payload.objects.filter(release__page_id=other.data["page_id"]).update(data=data)
    with pytest.raises(Rejected) as refused:
        BACKEND.publish(replace(other, data=data))
    assert refused.value.code == "address_taken"


def test_a_revision_altered_after_signing_is_refused() -> None:
    message = factories.release()
    revision = Release.objects.get().revision
    revision.content["summary"] = "Chưa ai duyệt."
    revision.save()
    with pytest.raises(Rejected) as refused:
        BACKEND.publish(message)
    assert refused.value.code == "seal_broken"
    assert not PublishedWarning.objects.exists()


def test_a_revision_that_no_longer_validates_is_refused_with_a_sentence() -> None:
    page = factories.warning_page(factories.snapshot())
    page.scam_type = None
    message = factories.release(page=page)
    with pytest.raises(Rejected) as refused:
        BACKEND.publish(message)
    assert refused.value.code == "invalid_revision"
    assert not PublishedWarning.objects.exists()


def test_find_knows_only_what_the_public_can_read() -> None:
    message = factories.release()
    assert BACKEND.find(message) is None
    receipt = BACKEND.publish(message)
    assert BACKEND.find(message) == receipt
    file = bake.file_for(PublishedWarning.objects.get().path)
    file.write_text("older")
    assert BACKEND.find(message) is None
    assert BACKEND.find(replace(message, data={})) is None


def test_check_names_the_agency_and_notices_a_folder_it_cannot_write(portal_root: Path) -> None:
    factories.publish()
    identity = BACKEND.check()
    assert identity.name == "Công an tỉnh"
    assert identity.url == "http://127.0.0.1:8000/"
    assert "1" in identity.detail
    for file in sorted(portal_root.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    portal_root.rmdir()
    portal_root.write_text("in the way")
    with pytest.raises(Temporary):
        BACKEND.check()


class NoCredentials:
    def read(self) -> dict[str, str]:
        raise AssertionError("the portal has no secrets")

    def rotate(self, refresh: Any, *, stale: str) -> dict[str, str]:
        raise AssertionError("the portal has no secrets")


def test_the_adapter_reaches_the_portal_by_its_setting() -> None:
    adapter = registry.adapter_class("portal")(
        remote_id="", endpoint=Endpoint(base_url=""), credentials=NoCredentials()
    )
    message = factories.release()
    receipt = adapter.send(message)
    assert adapter.find(message, timezone.now()) == receipt
    assert adapter.check().remote_id == "portal"
    assert registry.capabilities("portal").repeatable
    assert registry.capabilities("portal").read_back
