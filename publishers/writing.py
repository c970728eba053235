"""SQLite has one writer: the threads of a process queue up here instead of asleep in its busy handler.

The busy handler waits longer and longer between two tries, up to a tenth of a second; among the threads of one
process a lock hands the turn on at once. PostgreSQL needs none of this.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_turn = threading.RLock()


@contextmanager
def writing() -> Iterator[None]:
    """Hold this process's turn at writing, where there is only one writer."""
    if connection.vendor != "sqlite":
        yield
        return
    with _turn:
        yield
