"""A platform over real HTTP on this machine, which fails on request."""

import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from publishers.adapters.verdict import Step
from publishers.contracts import AuthExpired, ChannelGone, RateLimited, Rejected
from publishers.kit.failures import ELSEWHERE, FAILURES, NONE, REFUSALS, Failure, Reply, Silence
from publishers.kit.remote import Remote

# Closing with a linger time of zero sends RST instead of FIN.
_ABORT = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes


class Receiver(Remote, ThreadingHTTPServer):
    """The other side: override ``answer`` with what the platform does, and ``refusals`` with how it says no.

    ``with Receiver() as remote:`` runs it.
    """

    daemon_threads = True
    failures = tuple(FAILURES)
    definite: ClassVar = {
        "refuse": Rejected,
        "throttled": RateLimited,
        "gone": ChannelGone,
        "forbidden": AuthExpired,
    }
    lost = "drop"
    silent = "timeout_no_effect"
    holds = tuple(name for name, failure in FAILURES.items() if failure.silence is Silence.HOLD)
    uploads = True
    refusals: ClassVar[Mapping[str, Reply]] = REFUSALS

    def __init__(self) -> None:
        self.requests: list[Request] = []
        Remote.__init__(self)
        ThreadingHTTPServer.__init__(self, ("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Its address, with a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @contextmanager
    def nowhere(self) -> Iterator[str]:
        """An address at which every connection is refused."""
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{closed.getsockname()[1]}/"

    def answer(self, request: Request) -> Reply:
        """Do what the platform does with ``request``, and what it says then."""
        raise NotImplementedError

    def step(self, request: Request) -> Step:
        """Which step of a delivery ``request`` is; uploads and the like are ``Step.PREPARE``."""
        return Step.LOOK if request.method in ("GET", "HEAD") else Step.PUBLISH

    def arrived(self, request: Request) -> tuple[str, Failure]:
        """Note ``request``, and choose what happens to it."""
        with self.state:
            self.requests.append(request)
            self.followed = self.followed or request.path == ELSEWHERE
            name = self.meet(self.step(request))
            return name, FAILURES.get(name, NONE)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.leaving.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that gave up are the rule here; anything else is remembered."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.crashes.append(error)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""

    def _serve(self) -> None:
        with self.server.under_way():
            address = urlsplit(self.path)
            request = Request(
                self.command,
                address.path,
                {name: values[0] for name, values in parse_qs(address.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            name, failure = self.server.arrived(request)
            reply = self._reply(name, failure, request)
            if failure.silence is None:
                time.sleep(failure.delay)
                self._send(reply, failure)
            elif failure.silence is Silence.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                # The server's own way of closing says goodbye first.
                self.connection.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve

    def _reply(self, name: str, failure: Failure, request: Request) -> Reply:
        if request.path == ELSEWHERE:
            return Reply()
        holds = failure.silence is Silence.HOLD
        if holds and failure.late:
            self.server.hold(self._hung_up)
        own = Reply()
        if failure.acts:
            with self.server.state:
                own = self.server.answer(request)
        if holds and not failure.late:
            self.server.hold(self._hung_up)
        return self.server.refusals.get(name) or failure.reply or own

    def _hung_up(self) -> bool:
        try:
            waiting = select.select([self.connection], [], [], 0)[0]
            return bool(waiting) and not self.connection.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True

    def _send(self, reply: Reply, failure: Failure) -> None:
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json", **reply.headers, **failure.headers}
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) + (1 if failure.half else 0)))
        self.end_headers()
        self.wfile.write(reply.body[: len(reply.body) // 2] if failure.half else reply.body)
