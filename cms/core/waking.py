"""Putting a task into the queue, where losing it costs time and nothing else."""

import logging
from functools import partial
from typing import Any, Protocol

from django.db import transaction

logger = logging.getLogger(__name__)


class Enqueued(Protocol):
    """A task of ``django_tasks``."""

    def enqueue(self, *arguments: Any) -> Any:
        """Put one call into the queue."""


def after_commit(task: Enqueued, *arguments: Any, otherwise: str) -> None:
    """Enqueue ``task`` after the commit; at once where no transaction is open.

    Never fails. ``otherwise`` says for the log what happens when the queue cannot be reached.
    """
    transaction.on_commit(partial(_enqueue, task, arguments, otherwise))


def _enqueue(task: Enqueued, arguments: tuple[Any, ...], otherwise: str) -> None:
    try:
        task.enqueue(*arguments)
    except Exception as error:
        # A locked file, an absent Redis: whatever it is, it must not turn what was saved into a failure.
        logger.warning("The queue could not be reached (%s); %s", type(error).__name__, otherwise)
