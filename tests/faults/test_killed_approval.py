"""A process that approves is killed: each warning is released wholly or not at all."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wagtail.models import PageLogEntry, TaskState, WorkflowState

import pytest

from publishers.models import Release
from scam_warnings.models import ScamWarningPage
from tests import databases
from tests.faults.figures import Figures
from tests.faults.stage import ROOT, WARNINGS, Stage, sign, until, waiting

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

KILLS = 4


def test_a_web_process_killed_while_it_approves_releases_wholly_or_not_at_all(
    stage: Stage, figures: Figures
) -> None:
    draw = random.Random(13)
    half_done = 0
    for number in range(KILLS):
        signed = Release.objects.count()
        with signer(stage.logs / f"signing-{number}.log") as process:
            until(lambda: Release.objects.count() > signed, "it signs", pause=0.02)  # noqa: B023
            if number % 2:
                time.sleep(draw.uniform(0.0, 0.3))
            else:
                busy = "it is in the middle of a transaction"
                until(lambda: databases.current().busy() or process.poll() is not None, busy, pause=0.0)
            half_done += process.poll() is None
            process.kill()
        for page in ScamWarningPage.objects.all():
            assert_wholly_released_or_not_at_all(page)
    assert half_done >= 3, "most kills hit a process at work"
    figures.lines.append(f"web process: {KILLS} kills, {Release.objects.count()} of {WARNINGS} signed by it")
    left = waiting()
    assert len(left) == WARNINGS - Release.objects.count()
    for task_state in left[:2]:
        sign(task_state)


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


@contextmanager
def signer(log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that signs one warning after the other; gone afterwards."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "warnings"))),
    }
    command = [sys.executable, "-m", "tests.faults.signing_process"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
