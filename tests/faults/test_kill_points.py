"""kill -9 at every awkward moment, on signed warnings for the portal, two fanpages and two Zalo groups.

After each the next worker must leave every channel with the warning exactly once, and every row must say so.
"""

from datetime import timedelta

from django.utils import timezone

import pytest
from pytest_django import Settings

from publishers import credentials, services
from publishers.models import Attempt, Channel, Credential, Delivery
from publishers.states import State
from tests.faults import stage as stages
from tests.faults.figures import Figures
from tests.faults.points import HELD, PAGE, POINTS, READ_BACK, Point, feed_fault, held
from tests.faults.stage import GROUPS, Stage, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

TRIES = 4


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_after_a_kill_every_channel_has_the_warning_once(
    stage: Stage, figures: Figures, point: Point
) -> None:
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
    figures.add(point.name, stage, recovery)
    stage.assert_everything_out_once()


def killed_at(stage: Stage, point: Point) -> bool:
    """Sign a warning and kill the worker at ``point``; whether the kill came in time."""
    for fault in point.faults:
        stage.sandbox.fault(**fault)
    # One thread: the other channels are still to come, or done, when the kill hits this one.
    poll = {"PUBLISH_POLL": "600"} if point.idle else {}
    worker = stage.start(threads=1, wait=point.idle, **poll)
    stage.sign()
    until(lambda: point.moment(stage), point.name, pause=0.002)
    stage.kill(worker)
    return bool(point.then(stage))


def test_a_kill_between_two_deliveries(stage: Stage, figures: Figures) -> None:
    stage.sign()
    groups = Delivery.objects.filter(channel__kind="zalo_group")
    groups.update(next_attempt_at=timezone.now() + timedelta(minutes=5))
    worker = stage.start(wait=False)
    until(lambda: stage.states("facebook_page")[State.CONFIRMED] == 2, "the fanpages have it")
    stage.kill(worker)
    assert not Attempt.objects.filter(outcome="").exists()
    assert stage.states("zalo_group")[State.SCHEDULED] == 2

    groups.update(next_attempt_at=timezone.now())
    stage.start(wait=False)
    recovery = stage.settle()
    figures.add("between-two-deliveries", stage, recovery)
    stage.assert_everything_out_once()


def test_a_kill_in_the_call_and_another_in_the_look_that_follows(stage: Stage, figures: Figures) -> None:
    stage.sandbox.fault(**feed_fault("effect_then_timeout"))
    stage.sandbox.fault("slow", operation="list_posts", path=f"/{PAGE}/", seconds=HELD)
    first = stage.start(threads=1, wait=False)
    stage.sign()
    until(lambda: stage.out(PAGE), "the post is out")
    stage.kill(first)
    second = stage.start(threads=1)
    until(lambda: held(stage, "list_posts"), "the second worker reads back")
    stage.kill(second)
    assert stage.cut_off("facebook_page")
    assert stage.cut_off("facebook_page", READ_BACK)

    stage.start(wait=False)
    recovery = stage.settle()
    figures.add("twice-in-a-row", stage, recovery)
    stage.assert_everything_out_once()


def test_a_kill_during_the_token_refresh_needs_a_person_and_then_nothing_is_lost(
    stage: Stage, figures: Figures, settings: Settings
) -> None:
    """The reply is gone, and with it the only valid pair: nobody but a person can go on."""
    account = Credential.objects.get(label=stages.ZALO_ACCOUNT)
    credentials.store(account, stages.zalo_secrets(timedelta(hours=1)))
    stage.sandbox.fault("effect_then_timeout", operation="access_token", seconds=HELD)
    worker = stage.start(wait=False)
    stage.sign()
    minted = "a new pair is minted, and the other group waits for it"
    until(lambda: held(stage, "access_token") and stage.states("zalo_group")[State.SENDING] == 2, minted)
    stage.kill(worker)

    stage.start(wait=False)
    groups = Channel.objects.filter(kind="zalo_group")
    until(lambda: not groups.filter(paused_reason="").exists(), "both groups are paused with a reason")
    account.refresh_from_db()
    assert account.health == Credential.Health.RECONNECT_REQUIRED
    assert account.health_note
    assert len(stage.asked("access_token")) == 1, "a renewal code is never used twice"
    assert not any(stage.sandbox.messages(group) for group in GROUPS)
    assert stage.sandbox.state()["zalo_tokens"]["minted"] == 1
    for delivery in Delivery.objects.filter(channel__in=groups):
        assert delivery.state in (State.UNCONFIRMED, State.FAILED), stage.story(delivery)
        assert delivery.error_sentence, stage.story(delivery)

    settings.ZALO_OPENAPI_URL = stage.sandbox.zalo_openapi_url
    settings.ZALO_OAUTH_URL = stage.sandbox.zalo_oauth_url
    stage.sandbox.reset_tokens()
    secrets = stages.zalo_secrets(timedelta(hours=24))
    services.connect_account(label=account.label, kind=account.kind, secrets=secrets, credential=account)
    for channel in groups:
        services.check_channel(channel)
    for failed in Delivery.objects.filter(state=State.FAILED):
        services.resend(failed, stages.approver(), "Đã kết nối lại Zalo")
    recovery = stage.settle()
    figures.add("during-the-token-refresh", stage, recovery)
    stage.assert_everything_out_once()
