"""The wall clock jumps two hours on and back under running workers: nothing early or late, leases hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

import pytest

from publishers import clock
from publishers.models import Attempt, Delivery
from publishers.states import State
from tests.faults import wall_clock
from tests.faults.figures import Figures
from tests.faults.points import HELD, PAGE, held
from tests.faults.seeds import seeds
from tests.faults.stage import GROUPS, PAGES, Stage, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

LEAD = timedelta(seconds=3)
UNHURRIED = {"FAULT_CLOCK": "1", "PUBLISH_READ_TIMEOUT": "2", "PUBLISH_GRACE": "2.5", "PUBLISH_LEASE": "8"}
"""A busy machine misses neither an answer nor a lease; what is tested is a jump of hours."""
LATE = timedelta(seconds=10)
"""A busy machine is not on time; two hours are."""


@pytest.fixture
def jumping() -> Iterator[Path]:
    """The folder whose processes have a movable wall clock; right again afterwards."""
    folder = Path(settings.VAR_DIR)
    wall_clock.jump(folder, 0)
    yield folder
    wall_clock.jump(folder, 0)


@pytest.mark.parametrize("hours", [2 if seed % 2 else -2 for seed in seeds(1)[:2]])
def test_a_jump_of_the_wall_clock_moves_neither_schedules_nor_leases(
    stage: Stage, figures: Figures, jumping: Path, hours: int
) -> None:
    workers = {worker.pid: worker for worker in (stage.start(**UNHURRIED) for _number in range(2))}
    stage.sandbox.fault("slow", operation="post_photo", path=f"/{PAGE}/", seconds=0.5)
    stage.sign()
    groups = Delivery.objects.filter(channel__kind="zalo_group")
    # Well beyond the head start of the portal, and well within the jump.
    groups.update(state=State.SCHEDULED, next_attempt_at=clock.now() + timedelta(minutes=5))
    until(lambda: held(stage, "post_photo"), "a call is under way", pause=0.002)
    wall_clock.jump(jumping, hours)
    until(lambda: stage.states("facebook_page")[State.CONFIRMED] == len(PAGES), "the fanpages have it")
    sent = Attempt.objects.filter(action=Attempt.Action.SEND, delivery__channel__kind="facebook_page")
    assert sent.count() == len(PAGES), "a claim was taken from a worker that held it"
    assert not stage.asked("send_group_message"), "the schedule fired early"

    due = clock.now() + LEAD
    groups.update(next_attempt_at=due)
    wall_clock.jump(jumping, -hours)
    until(lambda: groups.filter(state=State.CONFIRMED).count() == len(GROUPS), "the groups have it")
    for moment in first_sent(groups):
        assert due <= moment <= due + LATE

    # A lease ends when it should, whatever the wall clock says meanwhile.
    stage.sandbox.fault("slow", operation="post_photo", path=f"/{PAGE}/", seconds=HELD)
    stage.sign()
    until(lambda: held(stage, "post_photo"), "a call is under way", pause=0.002)
    wall_clock.jump(jumping, hours)
    holding = Attempt.objects.get(outcome="", delivery__channel__remote_id=PAGE)
    stage.kill(workers[int(holding.worker.split(":")[1])])
    recovery = stage.settle()
    figures.add(f"clock {hours:+d} h", stage, recovery)
    assert recovery < 60
    stage.assert_everything_out_once()


def test_a_worker_started_under_a_wrong_clock_sends_nothing_early_and_nothing_late(
    stage: Stage, figures: Figures, jumping: Path
) -> None:
    """As after a crash while the time is wrong; and its terminal believes in another zone besides."""
    first = stage.start(FAULT_CLOCK="1")
    stage.sign()
    groups = Delivery.objects.filter(channel__kind="zalo_group")
    groups.update(state=State.SCHEDULED, next_attempt_at=clock.now() + timedelta(minutes=5))
    until(lambda: stage.states("facebook_page")[State.CONFIRMED] == len(PAGES), "the fanpages have it")
    for hours in (2, -2):
        wall_clock.jump(jumping, hours)
        stage.kill(first)
        first = stage.start(FAULT_CLOCK="1", TZ="America/New_York")
        stage.sign()
        later = Delivery.objects.filter(release=stage.release, channel__kind="facebook_page")
        until(lambda: later.filter(state=State.CONFIRMED).count() == len(PAGES), "nothing is held up")  # noqa: B023
        assert groups.filter(state=State.SCHEDULED).count() == len(GROUPS), "the schedule fired early"
    due = clock.now() + LEAD
    waiting = groups.filter(state=State.SCHEDULED)
    waiting.update(next_attempt_at=due)
    ids = list(waiting.values_list("pk", flat=True))
    until(lambda: not waiting.exists(), "the groups have it")
    recovery = stage.settle()
    for moment in first_sent(Delivery.objects.filter(pk__in=ids)):
        assert due <= moment <= due + LATE
    figures.add("started under a wrong clock", stage, recovery)
    stage.assert_everything_out_once()


def first_sent(rows: QuerySet[Delivery]) -> list[datetime]:
    """When each of ``rows`` was taken up first, by the engine's clock."""
    return list(rows.values_list("first_sent_at", flat=True))
