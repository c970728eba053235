"""The renewal of everything: killed it goes on, twice it writes nothing, and it holds nobody up."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings as current
from django.core.management import call_command
from django.db import connection

import pytest
from pytest_django import Settings

from cms.portal import bake
from cms.portal.baking import journal, paths, state, turns
from cms.portal.models import PublicState, PublishedWarning
from scam_warnings.agency import AgencySettings
from tests.portal import factories

ROOT = Path(__file__).resolve().parents[2]


def tree(root: Path) -> dict[str, str]:
    """Name → digest of every finished file, compressed ones too."""
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in root.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }


@pytest.mark.django_db
def test_the_same_twice_is_the_same_byte_for_byte(
    settings: Settings, tmp_path: Path, portal_root: Path
) -> None:
    factories.many(14)
    bake.bake_everything()
    first = tree(portal_root)
    again = bake.bake_everything()
    assert (again.written, again.removed, again.kept) == ([], [], [])
    settings.PORTAL_ROOT = tmp_path / "elsewhere"
    bake.bake_everything()
    assert tree(settings.PORTAL_ROOT) == first


@pytest.mark.slow
def test_killed_it_goes_on_where_it_was(
    live_db: None, portal_root: Path, settings: Settings, tmp_path: Path
) -> None:
    """A process that renews everything is killed outright; the next one does the rest, and no page twice."""
    factories.many(30)
    for file in (portal_root / "canh-bao").rglob("index.html"):
        file.write_text("yesterday's")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
        "KENG_TEST_PORTAL_ROOT": str(portal_root),
    }
    program = (
        "import os, django; from pathlib import Path; from django.conf import settings\n"
        "settings.PORTAL_ROOT = Path(os.environ['KENG_TEST_PORTAL_ROOT'])\n"
        "django.setup()\n"
        "from cms.portal import bake\n"
        "bake.bake_everything(lambda done, all: print(done, flush=True))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 20:
            process.send_signal(signal.SIGKILL)
            break
    process.wait(60)
    process.stdout.close()
    wanted = sum(bake.rendered(path) is not None for path in dict.fromkeys(paths.every()))
    report = bake.bake_everything()
    assert len(report.kept) >= 20
    assert len(report.kept) + len(report.written) + len(report.unchanged) == wanted
    assert report.written
    settings.PORTAL_ROOT, resumed = tmp_path / "fresh", tree(portal_root)
    bake.bake_everything()
    assert tree(settings.PORTAL_ROOT) == resumed
    settings.PORTAL_ROOT = portal_root
    third = bake.bake_everything()
    assert (third.kept, third.written) == ([], [])


def interrupted() -> None:
    """A renewal that dies after its third page."""

    def die(done: int, _everything: int) -> None:
        if done == 3:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        bake.bake_everything(die)


@pytest.mark.django_db
def test_what_stands_on_every_page_begins_anew() -> None:
    factories.many(2)
    interrupted()
    assert len(bake.bake_everything().kept) == 3
    interrupted()
    shutil.rmtree(current.PORTAL_ROOT)
    assert bake.bake_everything().kept == []
    interrupted()
    agency = AgencySettings.load()
    agency.name = "Công an thành phố Đà Nẵng"
    agency.save()
    assert bake.bake_everything().kept == []
    interrupted()
    file = state.folder() / "renewal"
    head, _newline, rest = file.read_text().partition("\n")
    file.write_text(f"{head.split()[0]} {time.time() - journal.GOOD_FOR - 1:.0f}\n{rest}")
    assert bake.bake_everything().kept == []
    file.write_bytes(b"\xff\x00 not what it was\n/canh-bao/\n")
    assert bake.bake_everything().kept == []


@pytest.mark.django_db
def test_two_at_a_time_do_the_whole_each() -> None:
    factories.many(2)
    with journal.kept():
        assert journal.is_running()
        report = bake.bake_everything()
    assert report.kept == []
    assert not journal.is_running()


def test_a_publication_does_not_wait_for_a_renewal(live_db: None) -> None:
    """While everything is renewed again and again, a publication comes between two pages."""
    factories.many(15)
    over, waits, failures = threading.Event(), [], []

    def renew() -> None:
        try:
            while not over.is_set():
                bake.bake_everything()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    renewing = threading.Thread(target=renew)
    renewing.start()
    try:
        for _turn in range(20):
            began = time.monotonic()
            with turns.at_once():
                waits.append(time.monotonic() - began)
    finally:
        over.set()
        renewing.join(120)
    assert failures == []
    assert sorted(waits)[10] < 0.5


@pytest.mark.django_db
def test_a_warning_that_comes_out_meanwhile_is_no_stranger() -> None:
    factories.many(2)
    published: list[str] = []

    def meanwhile(done: int, everything: int) -> None:
        if done == everything:
            factories.publish(factories.snapshot("Vừa ra", reference="CB-2026-00777"))
            published.append("/canh-bao/vua-ra/")

    bake.bake_everything(meanwhile)
    assert all(bake.file_for(path).exists() for path in published)


@pytest.mark.django_db
def test_a_withdrawn_warning_leaves_every_page_that_named_it(portal_root: Path) -> None:
    """Also lists deep in the archive, and pages that named it as related."""
    factories.many(50)
    bake.bake_everything()
    oldest = PublishedWarning.objects.get(code="CB-2026-00001")
    deep = bake.file_for("/canh-bao/trang/5/")
    link = f'href="{oldest.path}"'
    assert link in deep.read_text(encoding="utf-8")
    PublishedWarning.objects.filter(pk=oldest.pk).update(state=PublicState.WITHDRAWN, release_number=2)
    oldest.refresh_from_db()
    bake.bake_for(oldest)
    lists = [
        *(portal_root / "canh-bao" / "trang").rglob("*.html"),
        *(portal_root / "hinh-thuc").rglob("*.html"),
    ]
    assert len(lists) > 5
    assert not [file for file in lists if link in file.read_text(encoding="utf-8")]
    bake.bake_neighbours(oldest)
    still = {
        str(file.relative_to(portal_root))
        for file in portal_root.rglob("*.html")
        if link in file.read_text(encoding="utf-8")
    }
    assert still <= {"dinh-chinh/index.html", f"{oldest.path.strip('/')}/index.html"}


@pytest.mark.django_db
def test_a_publication_writes_as_many_pages_with_a_large_archive(portal_root: Path) -> None:
    counts = []
    for number in (37, 49):
        factories.many(number - PublishedWarning.objects.count(), first=PublishedWarning.objects.count() + 1)
        bake.bake_everything()
        newest = PublishedWarning.objects.latest("published_at")
        counts.append(len(list(paths.at_once(newest, portal_root))))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_command_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    factories.many(3)
    interrupted()
    call_command("bake_portal", every=0.0)
    said = capsys.readouterr().out
    assert "Cổng thông tin: trang 4/" in said
    assert "3 trang đã xong từ lần dựng bị ngắt" in said
    assert Path(current.PORTAL_ROOT).exists()
