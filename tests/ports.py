"""Ports for the servers the tests start: none is given twice, and the kernel gives them to nobody either."""

import os
import socket
from collections.abc import Iterator

FIRST, EACH = 12_000, 2_000
"""Below the ports the kernel hands out by itself; each of up to eight test processes has a range of its own."""


def _range() -> Iterator[int]:
    worker = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0) % 8
    # Another run on the same machine begins elsewhere.
    start = os.getpid() * 37 % EACH
    while True:
        yield FIRST + worker * EACH + start
        start = (start + 1) % EACH


_ports = _range()


def free_port() -> int:
    """A port nobody listens on. Raises OSError when none is left."""
    for _try in range(EACH):
        port = next(_ports)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")
