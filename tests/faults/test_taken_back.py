"""Corrections and withdrawals, raced and killed: every channel gets each of them once (test plan D4)."""

import random
import time
from collections.abc import Sequence

import pytest

from cms.editorial import approval, withdrawal
from cms.portal.models import PublicState, PublishedWarning
from publishers.models import Channel, Release
from publishers.states import PUBLIC, State
from tests.faults.figures import Figures
from tests.faults.seeds import WITHDRAWALS, seeds
from tests.faults.stage import (
    GROUPS,
    PAGES,
    Stage,
    approver,
    editor,
    sign,
    submit_more,
    swept,
    until,
    waiting,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

KILLS = 3
TRIES = 50
CORRECTED, WITHDRAWN = "ĐÍNH CHÍNH: ", "THU HỒI: "
NOTE = "Thông tin chưa chính xác."


@pytest.mark.parametrize("seed", seeds(1))
def test_a_withdrawal_while_posts_are_on_their_way_leaves_nothing_standing(
    stage: Stage, figures: Figures, seed: int
) -> None:
    draw = random.Random(seed)
    submit_more(WITHDRAWALS - len(waiting()))
    stage.sandbox.fault("slow", seconds=0.1, times=0)
    for _number in range(2):
        # Nobody dies here: a lease that a busy machine misses would only hide what is tested.
        stage.start(PUBLISH_LEASE="60")
    pairs = []
    for _number in range(WITHDRAWALS):
        release = stage.sign()
        until(lambda: stage.asked("post_photo"), "the first post is on its way", pause=0.002)
        time.sleep(draw.uniform(0.0, 0.6))
        pairs.append((release, withdraw(release)))
    stage.killed_at = time.monotonic()
    recovery = stage.settle()
    out = sum(assert_taken_back(stage, release, taken) for release, taken in pairs)
    figures.lines.append(
        f"withdrawn-{seed}: {WITHDRAWALS} while they were sent, {out} of {4 * WITHDRAWALS} posts had come out, "
        f"none stands, at rest after {recovery:.1f} s"
    )


@pytest.mark.parametrize("seed", seeds(1))
def test_corrections_and_withdrawals_reach_every_channel_once_whoever_is_killed(
    stage: Stage, figures: Figures, seed: int
) -> None:
    draw = random.Random(seed)
    first = [stage.sign() for _number in range(2)]
    stage.start(wait=False)
    stage.settle()
    stage.assert_everything_out_once()

    stage.sandbox.fault("slow", seconds=0.15, times=0)
    second = [correct(release) for release in first]
    stage.kill(stage.workers[-1])
    under_kills(stage, draw)
    for old, new in zip(first, second, strict=True):
        for page in PAGES:
            assert len(stage.shown(Channel.objects.get(remote_id=page), new.reference)) == 1
        for group in GROUPS:
            assert said(stage, group, old) == ["", CORRECTED]
        assert PublishedWarning.objects.get(page_id=old.page_id).state == PublicState.CORRECTED
    assert all(len(stage.sandbox.posts(page)) == len(first) for page in PAGES)
    assert all(len(stage.sandbox.messages(group)) == 2 * len(first) for group in GROUPS)

    third = [withdraw(release) for release in second]
    recovery = under_kills(stage, draw)
    for old, taken in zip(first, third, strict=True):
        assert assert_taken_back(stage, old, taken, before=["", CORRECTED]) == len(PAGES) + len(GROUPS)
    assert all(len(stage.sandbox.messages(group)) == 3 * len(first) for group in GROUPS)
    figures.lines.append(
        f"corrected-and-withdrawn-{seed}: {stage.kills} kills, each reached every channel once, "
        f"at rest after {recovery:.1f} s"
    )


def under_kills(stage: Stage, draw: random.Random) -> float:
    """Kill a few workers in the middle of what waits, then let one finish, asking a person where it must."""
    for _kill in range(KILLS):
        worker = stage.start(wait=False)
        until(lambda: swept(worker), "the worker sweeps")  # noqa: B023
        time.sleep(draw.uniform(0.0, 0.6))
        stage.kill(worker)
    stage.start(wait=False)
    recovery = stage.settle()
    if stage.ask_somebody():
        stage.settle()
    return recovery


def correct(release: Release) -> Release:
    """A corrected version of the warning, signed."""
    draft = release.page.get_latest_revision_as_object()
    draft.summary, draft.correction_note = "Số điện thoại đã sửa.", "Sửa số điện thoại ở bước 2."
    draft.save_revision(user=editor())
    return sign(approval.submit(release.page, editor(), not_secret=True))


def withdraw(release: Release) -> Release:
    """Take the warning back; what it is on its way to changes under the hand, so look and press again."""
    for _try in range(TRIES):
        seen = withdrawal.draft(release.page, NOTE).seal
        try:
            return withdrawal.withdraw(release.page, approver(), note=NOTE, seen_seal=seen, not_secret=True)
        except approval.ContentChanged:
            continue
    pytest.fail("it was never the same twice")


def assert_taken_back(stage: Stage, release: Release, taken: Release, before: Sequence[str] = ("",)) -> int:
    """Nothing of the warning stands; whoever saw it was told once. Returns on how many channels it was out."""
    out = 0
    for page in PAGES:
        code = release.page.code
        posts = [post for post in stage.sandbox.posts(page) if code in post["message"]]
        assert posts == [], stage.told()
        row = taken.deliveries.filter(channel__remote_id=page).exclude(state=State.CANCELLED)
        out += row.exists()
    for group in GROUPS:
        heard = said(stage, group, release)
        assert heard in ([], [*before, WITHDRAWN]), (heard, stage.told())
        out += bool(heard)
    public = PublishedWarning.objects.filter(page_id=release.page_id)
    assert set(public.values_list("state", flat=True)) <= {PublicState.WITHDRAWN}
    open_ones = taken.deliveries.exclude(state__in=(*PUBLIC, State.CANCELLED))
    assert not open_ones.exists(), [stage.story(row) for row in open_ones]
    return out


def said(stage: Stage, group: str, release: Release) -> list[str]:
    """How each message about the warning of ``release`` in ``group`` begins, the oldest first."""
    mine = [row["text"] for row in stage.sandbox.messages(group) if release.page.code in row["text"]]
    found = [next((word for word in (CORRECTED, WITHDRAWN) if text.startswith(word)), "") for text in mine]
    return found[::-1]
