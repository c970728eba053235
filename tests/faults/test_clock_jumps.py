"""The wall clock jumps two hours on and back under running workers: nothing early or late, leases hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

import pytest

from publishers import clock
from publishers.models import Attempt, Delivery, Release, Schedule, WorkerBeat
from publishers.states import State
from tests import factories
from tests.faults import wall_clock
from tests.faults.figures import Figures
from tests.faults.points import HELD, PAGE, held
from tests.faults.seeds import seeds
from tests.faults.stage import GROUPS, PAGES, Stage, approver, until, waiting

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


def test_a_time_of_publication_is_kept_by_jumping_clocks_and_new_workers(
    stage: Stage, figures: Figures, jumping: Path
) -> None:
    """Signed for later: begun once, never early, by workers that start under a wrong clock and in another zone."""
    worker = stage.start(FAULT_CLOCK="1")
    stage.release = factories.approved(
        waiting()[0], approver(), publish_at=clock.now() + timedelta(minutes=5)
    )
    mine = Delivery.objects.filter(release=stage.release)
    for hours in (2, -2):
        wall_clock.jump(jumping, hours)
        stage.kill(worker)
        worker = stage.start(FAULT_CLOCK="1", TZ="America/New_York")
        beat = worker_beat()
        until(lambda: worker_beat() > beat + LEAD, "the worker lives", pause=0.05)  # noqa: B023
        assert set(mine.values_list("state", flat=True)) == {State.SCHEDULED}, "published early"
    due = clock.now() + LEAD
    set_time(stage.release, due)
    until(lambda: mine.filter(channel__kind="portal", state=State.CONFIRMED).exists(), "the page is public")
    recovery = stage.settle()
    schedule = Schedule.objects.get()
    assert schedule.state == Schedule.State.BEGUN
    assert due <= schedule.settled_at <= due + LATE
    figures.add("time of publication under a jumping clock", stage, recovery)
    stage.assert_everything_out_once()


def test_what_was_missed_while_no_worker_ran_stays_with_people(stage: Stage) -> None:
    stage.release = factories.approved(
        waiting()[0], approver(), publish_at=clock.now() + timedelta(minutes=5)
    )
    set_time(stage.release, clock.now() - timedelta(minutes=11))
    stage.start()
    until(lambda: Schedule.objects.get().state == Schedule.State.MISSED, "it is marked")
    # The watch may have marked it before the worker gave its first sign of life.
    until(WorkerBeat.objects.filter(role="worker").exists, "the worker lives")
    beat = worker_beat()
    until(lambda: worker_beat() > beat, "the worker goes on", pause=0.05)
    states = set(Delivery.objects.filter(release=stage.release).values_list("state", flat=True))
    assert states == {State.SCHEDULED}
    assert not stage.sandbox.requests()


def set_time(release: Release, due: datetime) -> None:
    """To the second: a person's time is to the minute, which is long for a test."""
    Schedule.objects.filter(release=release).update(publish_at=due)
    Delivery.objects.filter(release=release).update(next_attempt_at=due)


def worker_beat() -> datetime:
    """The last sign of life of a worker."""
    return WorkerBeat.objects.filter(role="worker").latest("beat_at").beat_at


def first_sent(rows: QuerySet[Delivery]) -> list[datetime]:
    """When each of ``rows`` was taken up first, by the engine's clock."""
    return list(rows.values_list("first_sent_at", flat=True))
