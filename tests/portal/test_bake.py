"""Finished files: whole, current, and none that should not exist."""

import gzip
import re
import threading
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import Client

import brotli
import pytest
from pytest_django import Settings

from cms.portal import bake, tasks
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.sitemap import files
from tests.portal import factories

pytestmark = pytest.mark.django_db


def pages(root: Path) -> set[str]:
    return {f"/{file.relative_to(root)}".removesuffix("index.html") for file in root.rglob("*.html")}


def test_a_publication_bakes_every_page_it_stands_on(portal_root: Path) -> None:
    factories.publish()
    assert pages(portal_root) == {
        "/",
        "/404.html",
        "/canh-bao/",
        "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/",
        "/dinh-chinh/",
        "/doi-tuong/",
        "/doi-tuong/toan-dan/",
        "/hinh-thuc/",
        "/hinh-thuc/gia-danh-co-quan-thue/",
        "/ngoai-tuyen/",
        "/nhung/",
        "/nhung/gia-danh-co-quan-thue/",
    }
    assert {"sitemap.xml", "robots.txt", "favicon.ico"} <= {file.name for file in portal_root.iterdir()}


def test_files_say_what_django_says_in_every_encoding(client: Client, portal_root: Path) -> None:
    factories.publish()
    for file in portal_root.rglob("*.html"):
        path = f"/{file.relative_to(portal_root)}".removesuffix("index.html")
        body = file.read_bytes()
        assert body == client.get(path).content
        assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == body
        assert brotli.decompress(Path(f"{file}.br").read_bytes()) == body
        assert len({f.stat().st_mtime_ns for f in (file, Path(f"{file}.gz"), Path(f"{file}.br"))}) == 1
    assert not list(portal_root.rglob(".part-*"))


def test_rebuilding_writes_only_what_changed_and_removes_strangers(portal_root: Path) -> None:
    factories.many(2)
    stray = portal_root / "canh-bao" / "la" / "index.html"
    stray.parent.mkdir(parents=True)
    stray.write_text("nobody published this")
    (portal_root / ".part-left-by-a-crash").write_text("x")
    first = bake.bake_everything()
    assert not stray.parent.exists()
    assert set(first.removed) == {"/canh-bao/la/", "/.part-left-by-a-crash"}
    second = bake.bake_everything()
    assert (second.written, second.removed) == ([], [])
    assert len(second.unchanged) == len(first.unchanged) + len(first.written)


def test_a_withdrawn_warning_leaves_lists_and_its_type_page(portal_root: Path) -> None:
    factories.publish()
    warning = PublishedWarning.objects.get()
    PublishedWarning.objects.update(state=PublicState.WITHDRAWN)
    bake.bake_for(PublishedWarning.objects.get())
    assert "đã được thu hồi" in bake.file_for(warning.path).read_text(encoding="utf-8")
    assert warning.slug not in bake.file_for("/").read_text(encoding="utf-8")
    assert not bake.file_for(files.part_of(warning)).exists()
    # The library keeps the form, without the warning.
    assert warning.slug not in bake.file_for("/hinh-thuc/gia-danh-co-quan-thue/").read_text(encoding="utf-8")


def test_a_list_that_became_shorter_loses_its_last_page() -> None:
    factories.many(13)
    assert bake.file_for("/canh-bao/trang/2/").exists()
    PublishedWarning.objects.filter(code="CB-2026-00001").update(state=PublicState.WITHDRAWN)
    bake.bake_for(PublishedWarning.objects.get(code="CB-2026-00001"))
    assert not bake.file_for("/canh-bao/trang/2/").exists()


def test_neighbours_that_name_it_as_related_are_renewed() -> None:
    factories.publish(factories.snapshot("Một", reference="CB-2026-00001"))
    factories.publish(factories.snapshot("Hai", reference="CB-2026-00002"))
    tasks.renew_neighbours.call(PublishedWarning.objects.get(slug="hai").pk)
    assert "/canh-bao/hai/" in bake.file_for("/canh-bao/mot/").read_text(encoding="utf-8")


def test_a_page_that_fails_keeps_its_file(settings: Settings) -> None:
    factories.publish()
    warning = PublishedWarning.objects.get()
    file = bake.file_for(warning.path)
    before = file.read_bytes()
    settings.ALLOWED_HOSTS = ["somewhere.example"]
    with pytest.raises(bake.BakeError):
        bake.bake_for(warning)
    with pytest.raises(CommandError):
        call_command("bake_portal")
    assert file.read_bytes() == before


def test_a_reader_never_sees_half_a_file(portal_root: Path) -> None:
    """While a page is rewritten again and again, whoever opens it reads one whole version."""
    factories.publish()
    warning = PublishedWarning.objects.get()
    file = bake.file_for(warning.path)
    done, torn = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            body = file.read_bytes()
            if not body.endswith(b"</html>\n"):
                torn.append(body)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(15):
            warning.snapshot["summary"] = f"Bản {number}."
            PublishedWarning.objects.update(snapshot=warning.snapshot)
            bake.bake_for(warning)
    finally:
        done.set()
        reader.join(10)
    assert torn == []
    assert "Bản 14." in file.read_text(encoding="utf-8")


def test_the_command_reports_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    factories.home()
    call_command("bake_portal")
    assert re.search(r"Cổng thông tin: ghi [1-9]\d+ trang", capsys.readouterr().out)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://canhbao.example.gov.vn"])
def test_pages_carry_the_public_address(settings: Settings, url: str) -> None:
    settings.PUBLIC_URL = url
    settings.SECURE_SSL_REDIRECT = url.startswith("https")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    factories.publish()
    assert f'rel="canonical" href="{url}/"' in bake.file_for("/").read_text(encoding="utf-8")
    assert f"Sitemap: {url}/sitemap.xml" in bake.file_for("/robots.txt").read_text(encoding="utf-8")
    assert f"<loc>{url}/sitemap/canh-bao-" in bake.file_for("/sitemap.xml").read_text(encoding="utf-8")
