"""The tasks only wake: the outbox is the truth, and the sweep of the worker finds what a lost task missed."""

import logging
from functools import partial

from django.conf import settings
from django.db import transaction

from django_tasks import task

from publishers import dispatch, pool

logger = logging.getLogger(__name__)


@task(backend="delivery")
def deliver_due() -> None:
    """Deliver what is ready: by this process's sending threads, or here if it has none."""
    if pool.wake_local():
        return
    if dispatch.drain(pool.worker_name()).more:
        _enqueue(1)


def wake(count: int) -> None:
    """After the commit, wake up to ``count`` workers. Never fails: an unreachable queue costs a second."""
    if count > 0:
        transaction.on_commit(partial(_enqueue, min(count, settings.WORKER_THREADS)))


def _enqueue(count: int) -> None:
    try:
        for _number in range(count):
            deliver_due.enqueue()
    except Exception as error:
        # A locked file, an absent Redis: whatever it is, it must not undo the approval.
        logger.warning("The queue could not be reached (%s); the sweep will deliver", type(error).__name__)
