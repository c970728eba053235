"""A worker that sleeps through its lease at a random moment, while another takes over."""

import fcntl
import random
import signal
import time
from pathlib import Path

from django.conf import settings

import pytest

from publishers.models import Attempt, Delivery
from publishers.states import OPEN
from tests import databases
from tests.faults.figures import Figures
from tests.faults.seeds import STOP_SECONDS, seeds
from tests.faults.stage import Process, Stage, submit_more, until, waiting

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

MOST_SECONDS = 120.0
"""For the stop to hit a call, on a busy machine."""
CALL = 0.5
"""Seconds an answer takes."""
UNHURRIED = {"PUBLISH_LEASE": "6", "PUBLISH_MAX_ATTEMPTS": "30"}
"""The sleeper may hold the queue's file: each page then takes a second longer, and the lease must outlast that."""
SIGNED = 3


@pytest.mark.parametrize("seed", seeds(1))
def test_a_worker_stopped_at_a_random_moment_does_nothing_twice(
    stage: Stage, figures: Figures, seed: int
) -> None:
    draw = random.Random(seed)
    # Every answer takes its time, so that the stop hits calls.
    stage.sandbox.fault("slow", seconds=CALL, times=0)
    for _number in range(SIGNED):
        stage.sign()
    # It finds all of it at once: on a busy machine signing takes longer than sending.
    sleeper = stage.start(threads=3, **UNHURRIED)
    social = Attempt.objects.exclude(delivery__channel__kind="portal")
    until(social.exists, "it has begun")
    held = stop_in_the_middle(stage, sleeper, draw)

    stage.start(**UNHURRIED)
    recovery_from = time.monotonic()
    stage.settle()
    time.sleep(max(0.0, STOP_SECONDS - (time.monotonic() - recovery_from)))
    sleeper.send_signal(signal.SIGCONT)
    stage.killed_at = recovery_from
    open_calls = Attempt.objects.filter(outcome="")
    until(lambda: not open_calls.exists(), "the sleeper writes down that it is too late")
    recovery = stage.settle()
    assert sleeper.poll() is None
    figures.add(f"stopped-{seed}, {held} calls held", stage, recovery)
    stage.assert_everything_out_once()


def stop_in_the_middle(stage: Stage, worker: Process, draw: random.Random) -> int:
    """SIGSTOP while calls are under way and the database is not held; returns how many calls."""
    until_tired = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until_tired:
        if not Attempt.objects.filter(outcome="").exists():
            time.sleep(0.02)
            if not Delivery.objects.filter(state__in=OPEN).exists():
                # A busy machine let the moment pass: take the next warning.
                if not waiting():
                    submit_more(1)
                stage.sign()
        time.sleep(draw.uniform(0.0, CALL / 2))
        worker.send_signal(signal.SIGSTOP)
        held = Attempt.objects.filter(outcome="").count()
        # A process stopped inside a transaction, or while it renews pages, would hold everybody up.
        if held and not databases.current().busy() and not renewing():
            return held
        worker.send_signal(signal.SIGCONT)
    pytest.fail(f"the stop always came at another moment\n{stage.told()}")


def renewing() -> bool:
    """Whether some process holds the portal's folder."""
    try:
        with (Path(settings.PORTAL_ROOT) / ".lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
