"""A full disk, a locked database, one that goes away, no Redis: nothing lost, nothing doubled, every row true.

Whoever signs meanwhile is told so, and the readiness probe turns red within half a minute (test plan D5).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from html import unescape
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.urls import reverse

import pytest

from publishers.models import Attempt, Release
from tests import databases
from tests.faults import full_disk, small_disk
from tests.faults import stage as stages
from tests.faults.figures import Figures
from tests.faults.points import PAGE, held
from tests.faults.seeds import LOCK_SECONDS
from tests.faults.small_disk import NotPermitted, SmallDisk
from tests.faults.stage import LEASE, Stage, until, waiting
from tests.faults.test_together import signature
from tests.faults.web import Browser, status, web
from tests.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

LONGER = LEASE + 3.5
"""Past the lease, and past the last try to write down what a call brought."""
RED_WITHIN = 30.0
PATIENT = {"PUBLISH_MAX_ATTEMPTS": "30", "FAULT_BUSY_SECONDS": "0.5"}
NOT_STORED = "Chưa lưu được: ổ đĩa đã đầy hoặc cơ sở dữ liệu không trả lời."
MEGABYTES = 64


@pytest.fixture
def disk(django_db_setup: None, prepared: str) -> Iterator[SmallDisk]:
    """A small file system under everything; ask for it before the stage, which then stands on it."""
    with ExitStack() as stack:
        connections.close_all()
        try:
            entered = stack.enter_context(small_disk.mounted(Path(settings.VAR_DIR), MEGABYTES))
        except NotPermitted as reason:
            pytest.skip(f"no small file system here ({reason}); the limit on file sizes is tested instead")
        yield entered
        connections.close_all()


def test_a_full_file_system_loses_nothing_and_whoever_signs_is_told(
    disk: SmallDisk, stage: Stage, figures: Figures
) -> None:
    """Database, pages, uploads and logs on one small disk, filled to the last byte while posts are on their way."""
    on_disk = isinstance(databases.current(), databases.Sqlite)
    stage.logs = disk.root / "logs"
    stage.logs.mkdir()
    with web(stage, **PATIENT) as address:
        worker = stage.start(**PATIENT)
        until(lambda: status(f"{address}/readyz") == 200, "ready before")
        desk = Browser(address, stages.approver())
        third = waiting()[2]
        path = reverse("editorial:review", args=[third.pk])
        form = signature(desk, path)
        in_the_middle(stage)
        databases.current().flush()
        disk.fill()
        full_since = time.monotonic()
        until(lambda: stage.sandbox.posts(PAGE), "the post is out all the same")
        time.sleep(LONGER)
        disk.fill()
        signed = Release.objects.count()
        told = unescape(desk.press(path, form).text)
        if on_disk:
            assert Attempt.objects.filter(outcome="").exists(), "the answer could not be written down"
            assert NOT_STORED in told
            assert Release.objects.count() == signed
        until(lambda: status(f"{address}/readyz") == 503, "the probe turns red", patience=RED_WITHIN)
        red_after = time.monotonic() - full_since
        assert status(f"{address}/healthz") == 200
        assert worker.poll() is None, stage.told()

        stage.killed_at = time.monotonic()
        disk.empty()
        recovery = stage.settle()
        until(lambda: status(f"{address}/readyz") == 200, "ready again")
        if on_disk:
            assert "/ket-qua/" in desk.press(path, signature(desk, path)).url
        recovery += stage.settle() - recovery
    figures.add(f"file-system-full, red after {red_after:.0f} s", stage, recovery)
    stage.assert_everything_out_once()


def test_a_process_whose_files_may_not_grow_loses_nothing_and_doubles_nothing(
    stage: Stage, figures: Figures
) -> None:
    worker = stage.start(**PATIENT)
    in_the_middle(stage)
    worker.send_signal(full_disk.FILL)
    until(lambda: stage.sandbox.posts(PAGE), "the post is out all the same")
    time.sleep(LONGER)
    if isinstance(databases.current(), databases.Sqlite):
        assert Attempt.objects.filter(outcome="").exists(), "the answer could not be written down"
    assert worker.poll() is None, stage.told()

    stage.killed_at = time.monotonic()
    worker.send_signal(full_disk.EMPTY)
    recovery = stage.settle()
    figures.add("disk-full", stage, recovery)
    stage.assert_everything_out_once()


def test_a_locked_database_loses_nothing_and_whoever_signs_is_told(stage: Stage, figures: Figures) -> None:
    red_after = 0.0
    with web(stage, **PATIENT) as address:
        worker = stage.start(**PATIENT)
        desk = Browser(address, stages.approver())
        path = reverse("editorial:review", args=[waiting()[2].pk])
        form = signature(desk, path)
        in_the_middle(stage)
        with databases.current().locked():
            begun = time.monotonic()
            until(lambda: stage.sandbox.posts(PAGE), "the post is out all the same")
            signed = Release.objects.count()
            if isinstance(databases.current(), databases.Sqlite):
                assert NOT_STORED in unescape(desk.press(path, form).text)
            assert Release.objects.count() == signed
            if LOCK_SECONDS:
                until(lambda: status(f"{address}/readyz") == 503, "the probe turns red", patience=RED_WITHIN)
                red_after = time.monotonic() - begun
            time.sleep(max(0.0, max(LONGER, LOCK_SECONDS) - (time.monotonic() - begun)))
        stage.killed_at = time.monotonic()
        assert worker.poll() is None, stage.told()
        recovery = stage.settle()
        until(lambda: status(f"{address}/readyz") == 200, "ready again")
    figures.add(f"database-locked, red after {red_after:.0f} s", stage, recovery)
    stage.assert_everything_out_once()


def test_a_database_server_that_goes_away_loses_nothing(stage: Stage, figures: Figures) -> None:
    """As a restart does: every connection ends, and for a while nobody gets a new one."""
    database = databases.current()
    if not isinstance(database, databases.Postgres):
        pytest.skip("there is no server")
    with web(stage) as address:
        worker = stage.start(**PATIENT)
        desk = Browser(address, stages.approver())
        path = reverse("editorial:review", args=[waiting()[2].pk])
        form = signature(desk, path)
        in_the_middle(stage)
        with database.away():
            begun = time.monotonic()
            until(lambda: stage.sandbox.posts(PAGE), "the post is out all the same")
            until(lambda: status(f"{address}/readyz") == 503, "the probe turns red", patience=RED_WITHIN)
            red_after = time.monotonic() - begun
            assert desk.press(path, form).status_code == 500
            time.sleep(LONGER)
        stage.killed_at = time.monotonic()
        assert worker.poll() is None, stage.told()
        assert Release.objects.count() == 2
        assert "/ket-qua/" in desk.press(path, signature(desk, path)).url
        recovery = stage.settle()
        until(lambda: status(f"{address}/readyz") == 200, "ready again")
    figures.add(f"database-away, red after {red_after:.0f} s", stage, recovery)
    stage.assert_everything_out_once()


def test_without_redis_a_signature_is_taken_and_everything_leaves(stage: Stage, figures: Figures) -> None:
    pytest.importorskip("redis")
    nobody = {"FAULT_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    with web(stage, **nobody) as address:
        worker = stage.start(**nobody)
        desk = Browser(address, stages.approver())
        path = reverse("editorial:review", args=[waiting()[0].pk])
        stage.killed_at = time.monotonic()
        assert "/ket-qua/" in desk.press(path, signature(desk, path)).url
        recovery = stage.settle()
        assert status(f"{address}/readyz") == 200
        assert worker.poll() is None, stage.told()
    assert "RedisHuey" in settings.HUEY["huey_class"] or "ConnectionError" in stage.told()
    figures.add("no-redis", stage, recovery)
    stage.assert_everything_out_once()


def test_a_queue_that_another_process_holds_keeps_nothing_from_leaving(
    stage: Stage, figures: Figures
) -> None:
    """As a process does that is stopped in the middle of a task."""
    file = settings.HUEY.get("filename")
    if not file:
        pytest.skip("the queue is no file")
    # Each page then takes a second longer; a lease that a busy machine misses would only hide what is tested.
    worker = stage.start(PUBLISH_LEASE="20")
    with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        for _number in range(2):
            stage.sign()
        stage.killed_at = time.monotonic()
        recovery = stage.settle()
        holder.execute("ROLLBACK")
    assert worker.poll() is None, stage.told()
    figures.add("queue-held", stage, recovery)
    stage.assert_everything_out_once()


def in_the_middle(stage: Stage) -> None:
    """Two warnings under way, the answer to one post still to come."""
    stage.sandbox.fault("slow", operation="post_feed", path=f"/{PAGE}/", seconds=0.5, times=0)
    for _number in range(2):
        stage.sign()
    until(lambda: held(stage, "post_feed"), "a post is on its way", pause=0.002)
