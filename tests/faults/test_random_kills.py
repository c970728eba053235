"""Workers killed at random moments of a run, and one that sleeps through its lease."""

import random
import signal
import time

import pytest

from publishers.models import Attempt, Delivery, Release
from publishers.states import State
from tests import databases
from tests.faults.figures import Figures
from tests.faults.points import PAGE, held
from tests.faults.seeds import STOP_SECONDS, seeds
from tests.faults.stage import WARNINGS, Stage, swept, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

KILLS = 6


@pytest.mark.parametrize(("seed", "guard"), [(seed, seed % 2 == 0) for seed in seeds(1)])
def test_kills_at_random_moments_lose_nothing_and_double_nothing(
    stage: Stage, figures: Figures, seed: int, guard: bool
) -> None:
    draw = random.Random(seed)
    stage.sandbox.settings(facebook_duplicate_guard=guard)
    # Every answer takes its time, so that kills hit calls.
    stage.sandbox.fault("slow", seconds=0.15, times=0)
    for _kill in range(KILLS):
        worker = stage.start(wait=False)
        for _number in range(WARNINGS // KILLS):
            stage.sign()
        until(lambda: swept(worker), "the worker sweeps")  # noqa: B023
        time.sleep(draw.uniform(0.0, 1.5))
        stage.kill(worker)
    assert Release.objects.count() == WARNINGS
    cut_off = Attempt.objects.filter(outcome="").count()

    stage.start(wait=False)
    recovery = stage.settle()
    figures.add(f"random-{seed}, {cut_off} calls cut off", stage, recovery)
    assert cut_off >= 3, "the kills hit workers in the middle of calls"
    # Twice cut off before anything was out: the system asks a person.
    stage.ask_somebody()
    stage.settle()
    stage.assert_everything_out_once()


def test_a_worker_stopped_past_its_lease_does_not_post_when_it_wakes(stage: Stage, figures: Figures) -> None:
    stage.sandbox.fault("slow", operation="post_photo", path=f"/{PAGE}/", seconds=0.4)
    # One thread: a second one might be stopped while it holds the database.
    sleeper = stage.start(threads=1)
    stage.sign()
    until(lambda: held(stage, "post_photo"), "the photo is on its way, the post comes next", pause=0.002)
    sleeper.send_signal(signal.SIGSTOP)
    slept_since = time.monotonic()
    assert not databases.current().busy()
    assert not stage.out(PAGE)
    delivery = Delivery.objects.get(channel__remote_id=PAGE)
    lost = Attempt.objects.get(delivery=delivery)
    assert (delivery.state, lost.outcome) == (State.SENDING, "")

    stage.start(threads=2)
    until(lambda: stage.out(PAGE), "the second worker finds nothing and posts")
    sleep_on(slept_since)
    stage.killed_at = time.monotonic()
    sleeper.send_signal(signal.SIGCONT)
    late = Attempt.objects.filter(pk=lost.pk, outcome="late")
    until(late.exists, "the first worker notices that it is too late")
    recovery = stage.settle()
    figures.add("stopped-past-its-lease", stage, recovery)
    stage.assert_everything_out_once()


def sleep_on(since: float) -> None:
    """Nothing to wait for by default; FAULT_STOP_SECONDS after ``since`` when asked."""
    time.sleep(max(0.0, STOP_SECONDS - (time.monotonic() - since)))
