"""A person checks a channel while a worker pauses it and its account."""

import threading
import time

from django.db import connection, transaction

import pytest

from publishers import services
from publishers.models import Channel, Credential
from tests import factories

pytestmark = pytest.mark.slow


def test_neither_waits_for_the_other_for_ever(live_db: None) -> None:
    account = Credential.objects.create(kind="zalo_oa", label="OA của tỉnh")
    channel = factories.channel("feed", "Nguồn tin", "khac", credential=account)
    account_is_held, wrong = threading.Event(), []

    def check() -> None:
        account_is_held.wait(10)
        try:
            services.check_channel(channel)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=check)
    thread.start()
    with transaction.atomic():
        Credential.objects.filter(pk=account.pk).update(health=Credential.Health.RECONNECT_REQUIRED)
        account_is_held.set()
        time.sleep(0.5)
        Channel.objects.filter(pk=channel.pk).update(paused_reason="Bị từ chối.")
    thread.join(20)
    assert wrong == []
    assert not thread.is_alive()
    # The check came last, so it is what holds.
    assert Credential.objects.get().health == Credential.Health.OK
    assert Channel.objects.get(pk=channel.pk).paused_reason == ""
