"""A backup from the middle of a delivery, restored after everything went out: nothing leaves twice (test plan D10)."""

from pathlib import Path

from django.core.management import call_command

import pytest
from pytest_django import Settings

from publishers.models import Delivery
from publishers.states import PUBLIC
from tests import databases
from tests.faults.figures import Figures
from tests.faults.stage import Stage, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

SIGNED = 3


def test_a_backup_from_the_middle_of_a_delivery_sends_nothing_again(
    stage: Stage, figures: Figures, settings: Settings, tmp_path: Path
) -> None:
    settings.FACEBOOK_GRAPH_URL = stage.sandbox.graph_url
    settings.FACEBOOK_TOKEN_URL = stage.sandbox.facebook_token_url
    settings.ZALO_OPENAPI_URL = stage.sandbox.zalo_openapi_url
    stage.sandbox.fault("slow", seconds=0.2, times=0)
    worker = stage.start()
    for _number in range(SIGNED):
        stage.sign()
    social = Delivery.objects.exclude(channel__kind="portal")
    until(lambda: social.filter(state__in=PUBLIC).exists(), "the first are out", pause=0.002)
    stage.kill(worker)
    backup = databases.current().keep("kept_backup", tmp_path)
    waiting = social.exclude(state__in=PUBLIC).count()
    assert waiting, "some are still to come"

    worker = stage.start()
    stage.settle()
    stage.kill(worker)
    databases.current().restore(backup)
    assert social.exclude(state__in=PUBLIC).count() == waiting
    calls = len(stage.sandbox.requests("post_feed")) + len(stage.sandbox.requests("send_group_message"))

    worker = stage.start(PUBLISH_HALTED="1")
    settings.PUBLISH_HALTED = True
    call_command("adopt")
    stage.kill(worker)
    settings.PUBLISH_HALTED = False
    stage.start(wait=False)
    recovery = stage.settle()
    sent = len(stage.sandbox.requests("post_feed")) + len(stage.sandbox.requests("send_group_message"))
    assert sent == calls, "something was posted again"
    figures.add(f"restored, {waiting} of {4 * SIGNED} posts unknown to the backup", stage, recovery)
    stage.assert_everything_out_once()
