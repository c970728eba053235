"""Waking the workers the moment there is something to send: a ring says only that it is worth looking.

Nothing depends on a ring being heard: the outbox is the truth, and a worker looks by itself every
``PUBLISH_POLL`` seconds. On PostgreSQL a ring is a notification of the server (LISTEN/NOTIFY), which reaches
every host; on SQLite, where all processes share one machine, a datagram to the socket of each worker.
"""

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

CHANNEL: Final = "keng_delivery"
LISTEN_SECONDS: Final = 1.0
"""How long a listener waits at a time: it must notice that it shall stop."""
RECONNECT_SECONDS: Final = 5.0
_LONGEST_ADDRESS: Final = 100
"""Bytes; the kernel takes 107 for the address of a socket."""


def ring() -> None:
    """With the commit, tell every worker that something may be due. A ring that is missed costs a second."""
    if connection.vendor == "postgresql":
        # The server passes it on when the transaction commits, and not at all when it does not.
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    else:
        transaction.on_commit(_ring_sockets)


class Listener:
    """Calls ``heard`` for every ring, in a thread of its own, until it is stopped."""

    def __init__(self, heard: Callable[[], None]) -> None:
        self._heard = heard
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen_for_ever, name="doorbell", daemon=True)

    def start(self) -> None:
        """Start to listen."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Stop to listen; wait up to ``seconds`` for the thread."""
        self._stop.set()
        self._thread.join(seconds)

    def _listen_for_ever(self) -> None:
        listen = self._listen_to_server if connection.vendor == "postgresql" else self._listen_to_socket
        while not self._stop.is_set():
            try:
                listen()
            except Exception as error:
                # The worker goes on without: it looks by itself.
                logger.warning("Nobody can ring this worker for now (%s)", type(error).__name__)
                self._stop.wait(RECONNECT_SECONDS)

    def _listen_to_server(self) -> None:
        # A connection of its own: the pooled ones are closed and handed on.
        with contextlib.closing(connection.get_new_connection(connection.get_connection_params())) as server:
            server.autocommit = True
            server.execute(f"LISTEN {CHANNEL}")
            self._heard()
            while not self._stop.is_set():
                for _notice in server.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                    self._heard()

    def _listen_to_socket(self) -> None:
        path = _folder() / f"{os.getpid()}.sock"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
            with _address(path) as address:
                bell.bind(address)
            bell.settimeout(LISTEN_SECONDS)
            try:
                self._heard()
                while not self._stop.is_set():
                    with contextlib.suppress(TimeoutError):
                        bell.recv(16)
                        self._heard()
            finally:
                path.unlink(missing_ok=True)


def _ring_sockets() -> None:
    try:
        for path in _folder().glob("*.sock"):
            _ring_at(path)
    except Exception as error:
        # Whatever it is, what was committed stands.
        logger.warning("No worker could be woken (%s); the sweep will deliver", type(error).__name__)


def _ring_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            with _address(path) as address:
                sender.sendto(b"1", address)
        except ConnectionRefusedError:
            # Its worker was killed.
            path.unlink(missing_ok=True)
        except (BlockingIOError, FileNotFoundError):
            # Rung so often already that it has not come round to reading, or just gone.
            return


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "doorbell"


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """The address of a socket, by way of its folder's descriptor where the path is too long for the kernel."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
