"""A database restored from before the posts went out sends none of them again (test plan D10)."""

from django.core.management import call_command

import pytest

from publishers.models import Attempt, Delivery, Transition
from publishers.states import PUBLIC, State
from tests import factories
from tests.delivery.conftest import GROUP, PAGE, sign

pytestmark = pytest.mark.django_db


def test_what_is_out_is_adopted_and_what_is_not_is_sent(lan, minh, sandbox, fanpage, group, engine, settings):
    release = sign(factories.warning(lan, channels=[fanpage.name, group.name]), lan, minh)
    sandbox.group(GROUP.id, status="disabled")
    engine.turn()
    assert len(sandbox.posts(PAGE.id)) == 1
    # The copy was made before anything left.
    Attempt.objects.all().delete()
    Transition.objects.all().delete()
    release.deliveries.exclude(channel__kind="portal").update(
        state=State.DUE, next_attempt_at=engine.now, remote_id="", remote_url="", delivered_at=None,
        attempts=0, first_sent_at=None, error_code="", error_sentence="",
    )  # fmt: skip
    sandbox.group(GROUP.id, status="enabled")
    type(group).objects.update(paused_reason="")
    settings.PUBLISH_HALTED = True
    engine.turn()
    assert len(sandbox.posts(PAGE.id)) == 1
    call_command("adopt")
    settings.PUBLISH_HALTED = False
    engine.turn()
    assert len(sandbox.posts(PAGE.id)) == len(sandbox.messages(GROUP.id)) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) <= set(PUBLIC)
