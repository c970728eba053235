"""kill -9 at every awkward moment, on signed warnings for the portal, two fanpages and two Zalo groups.

After each the next worker must leave every channel with the warning exactly once, and every row must say so.
The sandbox's guard against repeated texts is off, so that it cannot hide a second post.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.db import connections
from django.utils import timezone

from wagtail.models import PageLogEntry, TaskState, WorkflowState

import pytest
from pytest_django import DjangoDbBlocker, Settings

from cms.portal import bake
from cms.portal.models import PublishedWarning
from publishers import credentials, services
from publishers.models import Attempt, Channel, Credential, Delivery, Release
from publishers.sandbox.server import Sandbox
from publishers.states import State
from scam_warnings.models import ScamWarningPage
from tests.faults import stage as stages
from tests.faults.stage import GRACE, GROUPS, LEASE, PAGES, ROOT, Stage, sign, swept, until, waiting

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

WARNINGS = 12
HELD = 30.0
"""Seconds the sandbox holds a call that only the kill ends."""
PAGE, GROUP = PAGES[0], GROUPS[0]
TRIES = 4
READ_BACK = Attempt.Action.READ_BACK

_figures: list[str] = []


@pytest.fixture(scope="module")
def prepared(
    database_template: Path,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A database with the site, its channels and WARNINGS warnings waiting for approval."""
    file, kept = database_file(), tmp_path_factory.mktemp("prepared") / "db.sqlite3"
    with django_db_blocker.unblock():
        connections.close_all()
        replace_database(database_template, file)
        stages.set_up(WARNINGS)
        connections.close_all()
        with closing(sqlite3.connect(file)) as database, closing(sqlite3.connect(kept)) as copy:
            database.backup(copy)
        replace_database(database_template, file)
    return kept


@pytest.fixture
def stage(live_db: None, prepared: Path, tmp_path: Path) -> Iterator[Stage]:
    """A stage of its own for each test; what the workers wrote is shown when it fails."""
    connections.close_all()
    replace_database(prepared, database_file())
    shutil.rmtree(project.PORTAL_ROOT, ignore_errors=True)
    with Sandbox() as sandbox:
        sandbox.settings(facebook_duplicate_guard=False)
        made = Stage(sandbox, tmp_path)
        try:
            yield made
        finally:
            made.end()
            connections.close_all()
            shutil.rmtree(project.PORTAL_ROOT, ignore_errors=True)
            print(made.told())


@pytest.fixture(scope="module", autouse=True)
def figures(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print at the end what every kill cost."""
    started = time.monotonic()
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    if capture is None or not _figures:
        return
    with capture.global_and_fixture_disabled():
        print(f"\nkills ({time.monotonic() - started:.0f} s in all)", *_figures, sep="\n  ")


def database_file() -> Path:
    return Path(project.DATABASES["default"]["NAME"])


def replace_database(source: Path, target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(source, target)


def write_down(what: str, stage: Stage, recovery: float) -> None:
    counts = stage.count()
    _figures.append(
        f"{what}: {stage.kills} kills, once {counts.once}, lost {counts.lost}, doubled {counts.doubled}, "
        f"parked {counts.parked}, at rest {recovery:.1f} s after the last kill"
    )


# What the kill points look at


def held(stage: Stage, operation: str) -> bool:
    """Whether the sandbox holds a call of ``operation`` and has not answered it."""
    return any(row["status"] is None for row in stage.asked(operation))


def answered(stage: Stage, operation: str) -> bool:
    return any(row["status"] == 200 for row in stage.asked(operation))


def attempted(stage: Stage) -> bool:
    return Attempt.objects.filter(delivery__release=stage.release).exists()


def public_row(stage: Stage) -> PublishedWarning | None:
    return PublishedWarning.objects.filter(release=stage.release).first()


def page_file(stage: Stage) -> bool:
    row = public_row(stage)
    return row is not None and bake.file_for(row.path).exists()


def feed_fault(mode: str, **options: Any) -> dict[str, Any]:
    return {"mode": mode, "operation": "post_feed", "path": f"/{PAGE}/", "seconds": HELD, **options}


@dataclass(frozen=True)
class Point:
    """One moment: the faults that hold it open, how to know that it has come, and what must be so then."""

    name: str
    moment: Callable[[Stage], object]
    then: Callable[[Stage], object]
    faults: tuple[dict[str, Any], ...] = ()
    idle: bool = False
    """The worker has swept before the warning is signed, and does not look again."""


POINTS = [
    Point(
        "before-anything-is-claimed",
        idle=True,
        moment=lambda stage: True,
        then=lambda stage: not attempted(stage),
    ),
    Point(
        "claimed-and-the-photo-is-on-its-way",
        faults=({"mode": "slow", "operation": "post_photo", "seconds": HELD},),
        moment=lambda stage: held(stage, "post_photo"),
        then=lambda stage: not stage.asked("post_feed") and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-takes-effect-after-the-first-look",
        faults=(feed_fault("slow", late=True, seconds=LEASE + GRACE + 1.2),),
        moment=lambda stage: held(stage, "post_feed"),
        then=lambda stage: not stage.out(PAGE) and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-is-out-and-its-answer-held",
        faults=(feed_fault("effect_then_timeout"),),
        moment=lambda stage: stage.out(PAGE),
        then=lambda stage: held(stage, "post_feed") and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-is-out-but-shown-only-later",
        faults=(feed_fault("effect_then_timeout", visible_after=LEASE + GRACE + 1.2),),
        moment=lambda stage: stage.out(PAGE),
        then=lambda stage: held(stage, "post_feed") and stage.cut_off("facebook_page"),
    ),
    Point(
        "the-post-is-answered-and-perhaps-stored",
        moment=lambda stage: answered(stage, "post_feed"),
        then=lambda stage: any(stage.out(page) for page in PAGES),
    ),
    Point(
        "the-zalo-message-is-out-and-its-answer-held",
        faults=({"mode": "effect_then_timeout", "operation": "send_group_message", "seconds": HELD},),
        moment=lambda stage: any(stage.out(group) for group in GROUPS),
        then=lambda stage: held(stage, "send_group_message") and stage.cut_off("zalo_group"),
    ),
    Point(
        "while-an-unknown-outcome-is-read-back",
        faults=(
            feed_fault("effect_then_timeout", drop=True),
            {"mode": "slow", "operation": "list_posts", "path": f"/{PAGE}/", "seconds": HELD},
        ),
        moment=lambda stage: held(stage, "list_posts"),
        then=lambda stage: (
            stage.cut_off("facebook_page", READ_BACK) and stage.states("facebook_page")[State.UNCONFIRMED]
        ),
    ),
    Point(
        "the-portal-is-claimed",
        moment=attempted,
        then=lambda stage: stage.cut_off("portal"),
    ),
    Point(
        "the-portal-has-the-row-but-not-the-page",
        moment=public_row,
        then=lambda stage: stage.cut_off("portal") and not stage.asked("post_photo"),
    ),
    Point(
        "the-portal-has-some-of-its-pages",
        moment=page_file,
        then=lambda stage: stage.cut_off("portal") and not stage.asked("post_photo"),
    ),
]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_after_a_kill_every_channel_has_the_warning_once(stage: Stage, point: Point) -> None:
    for _try in range(TRIES):
        if killed_at(stage, point):
            break
        # A busy machine let the moment pass: finish this warning, take the next one.
        stage.sandbox.clear_faults()
        worker = stage.start()
        stage.settle()
        stage.kill(worker)
    else:
        pytest.fail(f"the kill always came at another moment\n{stage.told()}")

    stage.start(wait=False)
    recovery = stage.settle()
    write_down(point.name, stage, recovery)
    stage.assert_everything_out_once()


def killed_at(stage: Stage, point: Point) -> bool:
    """Sign a warning and kill the worker at ``point``; whether the kill came in time."""
    for fault in point.faults:
        stage.sandbox.fault(**fault)
    # One thread: the other channels are still to come, or done, when the kill hits this one.
    if point.idle:
        worker = stage.start(threads=1, PUBLISH_POLL="600")
    else:
        worker = stage.start(threads=1, wait=False)
    stage.sign()
    until(lambda: point.moment(stage), point.name, pause=0.002)
    stage.kill(worker)
    return bool(point.then(stage))


def test_a_kill_between_two_deliveries(stage: Stage) -> None:
    worker = stage.start(wait=False)
    stage.sign()
    groups = Delivery.objects.filter(channel__kind="zalo_group")
    groups.update(next_attempt_at=timezone.now() + timedelta(minutes=5))
    until(lambda: stage.states("facebook_page")[State.CONFIRMED] == 2, "the fanpages have it")
    stage.kill(worker)
    assert not Attempt.objects.filter(outcome="").exists()
    assert stage.states("zalo_group")[State.SCHEDULED] == 2

    groups.update(next_attempt_at=timezone.now())
    stage.start(wait=False)
    recovery = stage.settle()
    write_down("between-two-deliveries", stage, recovery)
    stage.assert_everything_out_once()


def test_a_kill_in_the_call_and_another_in_the_look_that_follows(stage: Stage) -> None:
    stage.sandbox.fault(**feed_fault("effect_then_timeout"))
    stage.sandbox.fault("slow", operation="list_posts", path=f"/{PAGE}/", seconds=HELD)
    first = stage.start(wait=False)
    stage.sign()
    until(lambda: stage.out(PAGE), "the post is out")
    stage.kill(first)
    second = stage.start()
    until(lambda: held(stage, "list_posts"), "the second worker reads back")
    stage.kill(second)
    assert stage.cut_off("facebook_page")
    assert stage.cut_off("facebook_page", READ_BACK)

    stage.start(wait=False)
    recovery = stage.settle()
    write_down("twice-in-a-row", stage, recovery)
    stage.assert_everything_out_once()


def test_a_kill_during_the_token_refresh_needs_a_person_and_then_nothing_is_lost(
    stage: Stage, settings: Settings
) -> None:
    """The reply is gone, and with it the only valid pair: nobody but a person can go on."""
    account = Credential.objects.get(label=stages.ZALO_ACCOUNT)
    credentials.store(account, stages.zalo_secrets(timedelta(hours=1)))
    stage.sandbox.fault("effect_then_timeout", operation="access_token", seconds=HELD)
    worker = stage.start(wait=False)
    stage.sign()
    until(lambda: stage.sandbox.state()["zalo_tokens"]["minted"], "a new pair is minted")
    stage.kill(worker)

    stage.start(wait=False)
    groups = Channel.objects.filter(kind="zalo_group")
    until(lambda: not groups.filter(paused_reason="").exists(), "both groups are paused with a reason")
    stage.settle(but=tuple(groups.values_list("pk", flat=True)))
    account.refresh_from_db()
    assert account.health == Credential.Health.RECONNECT_REQUIRED
    assert account.health_note
    assert len(stage.asked("access_token")) == 1, "a renewal code is never used twice"
    assert not any(stage.sandbox.messages(group) for group in GROUPS)
    assert set(stage.states("zalo_group")) == {State.UNCONFIRMED}
    assert set(stage.states("facebook_page")) == {State.CONFIRMED}

    settings.ZALO_OPENAPI_URL = stage.sandbox.zalo_openapi_url
    settings.ZALO_OAUTH_URL = stage.sandbox.zalo_oauth_url
    stage.sandbox.reset_tokens()
    secrets = stages.zalo_secrets(timedelta(hours=24))
    services.connect_account(label=account.label, kind=account.kind, secrets=secrets, credential=account)
    for channel in groups:
        services.check_channel(channel)
    recovery = stage.settle()
    write_down("during-the-token-refresh", stage, recovery)
    stage.assert_everything_out_once()


@pytest.mark.parametrize(("seed", "guard"), [(1, False), (2, True)])
def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    stage: Stage, seed: int, guard: bool
) -> None:
    draw = random.Random(seed)
    stage.sandbox.settings(facebook_duplicate_guard=guard)
    # Every answer takes its time, so that kills hit calls.
    stage.sandbox.fault("slow", seconds=0.15, times=0)
    for _kill in range(6):
        worker = stage.start(wait=False)
        for _number in range(WARNINGS // 6):
            stage.sign()
        until(lambda: swept(worker), "the worker sweeps")  # noqa: B023
        time.sleep(draw.uniform(0.0, 1.5))
        stage.kill(worker)
    assert Release.objects.count() == WARNINGS
    cut_off = Attempt.objects.filter(outcome="").count()

    stage.start(wait=False)
    recovery = stage.settle()
    write_down(f"random-{seed}, {cut_off} calls cut off", stage, recovery)
    assert cut_off >= 3, "the kills hit workers in the middle of calls"
    approver = get_user_model().objects.get(username="pheduyet")
    for parked in Delivery.objects.filter(state=State.AWAITING_PERSON):
        # Twice cut off before anything was out: the system asks a person, who looks and says so.
        assert stage.shown(parked.channel, parked.release.reference) == [], stage.story(parked)
        services.resend(parked, approver, "Đã xem: chưa có", looked=True)
    stage.settle()
    stage.assert_everything_out_once()


def test_a_worker_stopped_past_its_lease_does_not_post_when_it_wakes(stage: Stage) -> None:
    stage.sandbox.fault("slow", operation="post_photo", path=f"/{PAGE}/", seconds=0.4)
    # One thread: a second one might be stopped while it holds the database.
    sleeper = stage.start(threads=1)
    stage.sign()
    until(lambda: held(stage, "post_photo"), "the photo is on its way, the post comes next", pause=0.002)
    sleeper.send_signal(signal.SIGSTOP)
    assert not write_locked()
    delivery = Delivery.objects.get(channel__remote_id=PAGE)
    lost = Attempt.objects.get(delivery=delivery)
    assert (delivery.state, lost.outcome) == (State.SENDING, "")

    stage.start(threads=2)
    until(lambda: stage.out(PAGE), "the second worker finds nothing and posts")
    stage.killed_at = time.monotonic()
    sleeper.send_signal(signal.SIGCONT)
    late = Attempt.objects.filter(pk=lost.pk, outcome="late")
    until(late.exists, "the first worker notices that it is too late")
    recovery = stage.settle()
    write_down("stopped-past-its-lease", stage, recovery)
    stage.assert_everything_out_once()


def test_a_web_process_killed_while_it_approves_releases_wholly_or_not_at_all(
    stage: Stage, tmp_path: Path
) -> None:
    draw = random.Random(13)
    half_done = 0
    for number in range(4):
        signed = Release.objects.count()
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.signing_process"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
                "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "warnings"))),
            },
            stdout=subprocess.DEVNULL,
            stderr=(tmp_path / f"signing-{number}.log").open("wb"),
        ) as signer:
            try:
                until(lambda: Release.objects.count() > signed, "it signs", pause=0.02)  # noqa: B023
                if number % 2:
                    time.sleep(draw.uniform(0.0, 0.3))
                else:
                    until(lambda: write_locked() or signer.poll() is not None, "it writes", pause=0.0)
                half_done += signer.poll() is None
            finally:
                signer.kill()
        for page in ScamWarningPage.objects.all():
            assert_wholly_released_or_not_at_all(page)
    assert half_done >= 3, "most kills hit a process at work"
    _figures.append(f"web process: 4 kills, {Release.objects.count()} of {WARNINGS} signed by it")
    for task_state in waiting():
        sign(task_state)
    assert Release.objects.count() == WARNINGS


def assert_wholly_released_or_not_at_all(page: ScamWarningPage) -> None:
    """Release, payloads, deliveries, log entry and the end of the workflow: all of it, or nothing."""
    releases = Release.objects.filter(page=page)
    logged = PageLogEntry.objects.filter(page=page, action="keng.approve").count()
    workflow = WorkflowState.objects.for_instance(page).get()
    task = TaskState.objects.get(workflow_state=workflow)
    channels = 1 + page.get_latest_revision_as_object().channels.count()
    if releases.exists():
        release = releases.get()
        assert release.payloads.count() == release.deliveries.count() == channels == 5
        assert (workflow.status, task.status, logged) == ("approved", "approved", 1)
    else:
        assert (workflow.status, task.status, logged) == ("in_progress", "in_progress", 0)


def write_locked() -> bool:
    """Whether another process is in the middle of a transaction that writes."""
    with closing(sqlite3.connect(database_file(), timeout=0, isolation_level=None)) as probe:
        try:
            probe.execute("BEGIN IMMEDIATE")
            probe.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
    return False
