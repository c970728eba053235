"""A withdrawal signed while workers claim, send and give back: no post stays up that nobody follows."""

import random
import time

import pytest

from cms.editorial import withdrawal
from cms.editorial.approval import ContentChanged
from publishers.models import Delivery, Release
from publishers.states import PUBLIC, State
from scam_warnings.models import ScamWarningPage
from tests.faults.seeds import seeds
from tests.faults.stage import Stage, approver, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

SIGNED = 8
NOTE = "Cảnh báo chưa chính xác."
FOLLOWED = (*PUBLIC, State.AWAITING_PERSON)


@pytest.mark.parametrize("seed", seeds(1))
def test_no_withdrawn_post_stays_up_unfollowed(stage: Stage, seed: int) -> None:
    draw = random.Random(seed)
    # Claims that come back at once and are made again are where a withdrawal could look away.
    for number, operation in enumerate(("post_feed", "post_photo", "send_group_message")):
        code = -32 if operation == "send_group_message" else 4
        stage.sandbox.fault(
            "refuse", operation=operation, code=code, retry_after=1, times=0, chance=0.4, seed=seed + number
        )
    stage.sandbox.fault("slow", seconds=0.05, times=0, chance=0.5, seed=seed)
    for _worker in range(2):
        stage.start(threads=4)
    withdrawn = [withdraw(stage.sign(), draw) for _number in range(SIGNED)]
    stage.killed_at = time.monotonic()
    stage.settle()
    stage.sandbox.clear_faults()

    for notice in withdrawn:
        original = Release.objects.get(page_id=notice.page_id, number=notice.number - 1)
        for delivery in original.deliveries.select_related("channel"):
            assert delivery.state != State.DUE, stage.story(delivery)
            up = stage.shown(delivery.channel, original.reference)
            if not up or delivery.channel.kind == "portal":
                continue
            follower = Delivery.objects.filter(release=notice, channel=delivery.channel).first()
            assert follower is not None, f"nobody follows\n{stage.story(delivery)}\n{stage.told()}"
            assert follower.state in FOLLOWED, stage.story(follower)
            if delivery.channel.kind == "facebook_page":
                pytest.fail(f"still up\n{stage.story(delivery)}\n{stage.story(follower)}")


def withdraw(release: Release, draw: random.Random) -> Release:
    """As a person does: look, decide; look again when something moved meanwhile."""
    time.sleep(draw.uniform(0.0, 1.5))
    page, made = ScamWarningPage.objects.get(pk=release.page_id), []

    def decided() -> bool:
        try:
            seen = withdrawal.draft(page, NOTE).seal
            made.append(withdrawal.withdraw(page, approver(), note=NOTE, seen_seal=seen, not_secret=True))
        except ContentChanged:
            return False
        return True

    until(decided, "the withdrawal was signed")
    return made[0]
