"""A platform that asks for patience gets exactly as much as it asked for, and nothing is sent twice."""

from datetime import timedelta

import pytest

from publishers.models import Credential, Delivery
from publishers.states import PUBLIC, State
from tests import factories
from tests.delivery.conftest import GROUP, of, sign

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "seconds"),
    [({"retry_after": 200}, 200), ({"retry_after": 200, "status": 429}, 200), ({}, 60)],
    ids=["Retry-After", "HTTP 429", "no time named"],
)
def test_zalo_is_left_alone_as_long_as_it_wants(said, seconds, lan, minh, sandbox, group, engine):
    sandbox.fault("refuse", api="zalo", operation="send_group_message", code=-32, **said)
    release = sign(factories.warning(lan, channels=[group.name]), lan, minh)
    engine.turn()
    row = of(release, group)
    assert (row.state, row.error_code, row.attempts) == (State.DUE, "-32", 0)
    wait = Credential.objects.get(pk=group.credential_id).open_at - engine.now
    assert timedelta(seconds=seconds - 2) <= wait <= timedelta(seconds=seconds + 2)
    engine.turn(seconds / 2)
    assert sandbox.messages(GROUP.id) == []
    engine.turn(seconds / 2 + 5)
    assert Delivery.objects.get(pk=row.pk).state in PUBLIC
    assert len(sandbox.messages(GROUP.id)) == 1
