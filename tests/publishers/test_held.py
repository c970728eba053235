"""While a withdrawal counts what is out, a worker cannot give a delivery back to be taken up again unseen."""

import threading

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from publishers import plans
from publishers.claims import claim_next
from publishers.models import Attempt, Delivery
from publishers.outcomes import NotCalled, record
from publishers.states import State
from tests.publishers import outbox
from tests.publishers.memory import memory_kinds

PATIENCE = {"postgresql": "SET lock_timeout = '200ms'", "sqlite": "PRAGMA busy_timeout = 200"}


def test_what_a_worker_holds_stays_there_until_the_withdrawal_is_decided(live_db):
    with memory_kinds():
        delivery = outbox.delivery()
        claim = claim_next("w", timezone.now())
        assert claim is not None
        refused: list[BaseException] = []

        def give_back() -> None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(PATIENCE[connection.vendor])
                record(claim, NotCalled("Chưa bắt đầu."), timezone.now())
            except OperationalError as error:
                refused.append(error)
            finally:
                connection.close()

        with transaction.atomic():
            assert plans.not_begun(delivery.release.page) == []
            worker = threading.Thread(target=give_back)
            worker.start()
            worker.join(60)
            assert not worker.is_alive()
            held = plans.standing(delivery.release.page)
            assert [row.state for row in held.values()] == [State.SENDING]
        assert len(refused) == 1
        assert Attempt.objects.get(delivery=delivery).outcome == ""
        # Afterwards the worker may: the withdrawal knows of this delivery by then.
        claim.delivery.refresh_from_db()
        assert record(claim, NotCalled("Chưa bắt đầu."), timezone.now()) == "not_called"
        assert Delivery.objects.get(pk=delivery.pk).state == State.DUE
