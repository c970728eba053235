"""The server: plain ``http.server``, because most others drop the header names with underscores Zalo uses."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from publishers.sandbox import control, strings, world
from publishers.sandbox.remote import Remote
from publishers.sandbox.router import answer
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply, pairs

MAX_BODY = 60 * 1024 * 1024
SOCKET_SECONDS = 30
_LENGTH = re.compile(r"[0-9]{1,12}")


class RefusedInProduction(RuntimeError):
    """The environment says this is a production site; the sandbox must not run there."""


def refuse_production() -> None:
    """Raise RefusedInProduction if DJANGO_SETTINGS_MODULE or KENG_ENV name production."""
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if settings.endswith(".production") or os.environ.get("KENG_ENV", "").lower() == "production":
        raise RefusedInProduction(strings.REFUSED_PRODUCTION)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    timeout = 0.5  # seconds ``serve`` waits at most before it looks whether to stop

    def __init__(self, address: tuple[str, int], remote: Remote) -> None:
        self.remote = remote
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def serve(self) -> None:
        """Answer until ``remote.stopping`` is set."""
        while not self.remote.stopping.is_set():
            self.handle_request()

    def wake(self) -> None:
        """Make ``serve`` notice at once that it shall stop."""
        with contextlib.suppress(OSError):
            socket.create_connection(self.socket.getsockname()[:2], timeout=1).close()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close every open connection: a stopped sandbox must not go on answering on kept-alive ones."""
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "KengSandbox"
    sys_version = ""
    timeout = SOCKET_SECONDS
    wbufsize = 65_536  # head and body leave in one packet
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self._read_body()
        if body is not None:
            self._send(self._answer(body))

    do_POST = do_DELETE = do_HEAD = do_PUT = do_PATCH = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: request lines hold tokens."""

    def _answer(self, body: bytes) -> Reply:
        path, _, query = self.path.partition("?")
        try:
            request = Request(
                method=self.command,
                path=unquote(path),
                query=pairs(query),
                headers={key.lower(): value for key, value in self.headers.items()},
                body=body,
            )
        except BadBody as error:
            return json_reply({"error": str(error)}, 400)
        return answer(self.server.remote, request)

    def _read_body(self) -> bytes | None:
        """The request body, or None after a refusal that ends the connection."""
        length = self.headers.get("Content-Length", "0").strip()
        if self.headers.get("Transfer-Encoding") or not _LENGTH.fullmatch(length):
            self._refuse(411 if self.headers.get("Transfer-Encoding") else 400)
            return None
        if int(length) > MAX_BODY:
            self._refuse(413)
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return body

    def handle_expect_100(self) -> bool:
        length = self.headers.get("Content-Length", "")
        if _LENGTH.fullmatch(length) and int(length) <= MAX_BODY:
            super().handle_expect_100()
            self.wfile.flush()
            return True
        self._refuse(413)
        return False

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(json_reply({"error": status}, status))

    def _send(self, reply: Reply) -> None:
        if reply.drop:
            self.close_connection = True
            return
        self.send_response(reply.status)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value.replace("\r", "").replace("\n", ""))
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)


class Sandbox:
    """The stand-in as an object: ``with Sandbox() as sandbox: ...``, or ``start()`` and ``stop()``.

    ``port`` 0 takes a free one. ``state_file`` keeps the state over restarts (None: memory only).
    ``clock`` gives unix seconds. ``public_url`` is the address links carry when it is not the bound one.
    Raises RefusedInProduction; ``start`` raises OSError when the port is taken.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state_file: Path | None = None,
        clock: Callable[[], float] = time.time,
        public_url: str = "",
    ) -> None:
        refuse_production()
        self._address = (host, port)
        self._public_url = public_url.rstrip("/")
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.remote = Remote(clock, state_file)

    def start(self) -> Sandbox:
        """Serve from a thread of this process. Returns itself."""
        self._server = _Server(self._address, self.remote)
        host, port = self._address[0], self._server.server_address[1]
        self.remote.base_url = self._public_url or f"http://{host}:{port}"
        self.remote.stopping.clear()
        self._thread = threading.Thread(target=self._server.serve, name="sandbox", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end every connection, keep the state."""
        if self._server is None or self._thread is None:
            return
        self.remote.stopping.set()
        self._server.wake()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        self._server = self._thread = None
        self.remote.save()

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Where the web pages are, without a slash at the end."""
        return self.remote.base_url

    @property
    def graph_url(self) -> str:
        """Stands for https://graph.facebook.com/ (with the slash: clients join by concatenation)."""
        return f"{self.base_url}/graph/"

    @property
    def facebook_token_url(self) -> str:
        """Stands for https://graph.facebook.com/oauth/access_token."""
        return f"{self.base_url}/graph/oauth/access_token"

    @property
    def zalo_openapi_url(self) -> str:
        """Stands for https://openapi.zalo.me."""
        return f"{self.base_url}/zalo"

    @property
    def zalo_oauth_url(self) -> str:
        """Stands for https://oauth.zaloapp.com."""
        return f"{self.base_url}/zalo-oauth"

    def fault(self, mode: str, **options: Any) -> None:
        """Plan a fault; ``options`` are the fields of faults.Fault. Raises faults.BadFault."""
        with self.remote.lock:
            control.plan_faults(self.remote, {"mode": mode, **options})

    def clear_faults(self) -> None:
        """Forget all planned faults."""
        with self.remote.lock:
            self.remote.faults.clear()

    def reset(self) -> None:
        """Back to the seeded world."""
        self.remote.reset()

    def reset_tokens(self) -> None:
        """The seeded tokens are good again; posts and messages stay."""
        self.remote.reset_tokens()

    def posts(self, page_id: str) -> list[dict[str, Any]]:
        """All posts of a page, newest first, hidden and scheduled ones included."""
        with self.remote.lock:
            return control.posts(self.remote, page_id)

    def messages(self, group_id: str) -> list[dict[str, Any]]:
        """All messages of a group, newest first, hidden ones included."""
        with self.remote.lock:
            return control.messages(self.remote, group_id)

    def state(self) -> dict[str, Any]:
        """What ``GET /_ctl/state`` shows."""
        with self.remote.lock:
            return control.snapshot(self.remote)

    def requests(self, operation: str = "") -> list[dict[str, Any]]:
        """The recorded API requests, oldest first, secrets masked; of one operation if named."""
        with self.remote.lock:
            return [row for row in self.remote.journal if operation in ("", row["operation"])]

    def shift_clock(self, seconds: float) -> None:
        """Move the stand-in's clock on."""
        with self.remote.lock:
            control.shift_clock(self.remote, {"shift": seconds})

    def settings(self, **values: Any) -> None:
        """Change fields of state.Settings. Raises control.BadControl."""
        with self.remote.lock:
            control.change_settings(self.remote, values)

    def group(self, group_id: str, **changes: Any) -> None:
        """Change ``status`` or ``oa_member`` of a group. Raises control.BadControl."""
        with self.remote.lock:
            control.change_group(self.remote, {"group_id": group_id, **changes})

    def token(self, **changes: Any) -> None:
        """Change a token; see control.change_token. Raises control.BadControl."""
        with self.remote.lock:
            control.change_token(self.remote, changes)

    def engagement(self, post_id: str, **counts: int) -> None:
        """Set the counters of a post. Raises control.BadControl."""
        with self.remote.lock:
            control.set_engagement(self.remote, {"post_id": post_id, **counts})


def main(argv: Sequence[str]) -> int:
    """Serve in the foreground until SIGTERM or SIGINT. Returns the exit code (2: production)."""
    parser = argparse.ArgumentParser(prog="python -m publishers.sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--state-file", type=Path, default=None)
    parser.add_argument("--public-url", default="", help="address the links carry, if not the bound one")
    parser.add_argument("--print-world", action="store_true", help="print the demo world as JSON and exit")
    options = parser.parse_args(argv)
    if options.print_world:
        sys.stdout.write(json.dumps(world.as_json(), ensure_ascii=False) + "\n")
        return 0
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    try:
        sandbox = Sandbox(
            options.host, options.port, options.state_file, public_url=options.public_url
        ).start()
    except RefusedInProduction as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(strings.PORT_TAKEN.format(port=options.port, reason=error.strerror) + "\n")
        return 1
    sys.stdout.write(strings.SERVING.format(url=sandbox.base_url) + "\n")
    sys.stdout.flush()
    ended.wait()
    sandbox.stop()
    return 0
