"""The server: plain ``http.server``, because most others drop the header names with underscores Zalo uses."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from publishers.sandbox import control, mails, partner, strings, world, zalo_events
from publishers.sandbox.connections import TrackedServer
from publishers.sandbox.mail_server import MailServer
from publishers.sandbox.remote import Remote
from publishers.sandbox.router import answer
from publishers.sandbox.wire import BadBody, Reply, Request, json_reply, pairs
from publishers.stopping import StopRequest, end_within

MAX_BODY = 60 * 1024 * 1024
SOCKET_SECONDS = 30
PATIENCE = 20.0
"""Seconds the answers under way may take after it was told to stop."""
_LENGTH = re.compile(r"[0-9]{1,12}")


class RefusedInProduction(RuntimeError):
    """The environment says this is a production site; the sandbox must not run there."""


def refuse_production() -> None:
    """Raise RefusedInProduction if DJANGO_SETTINGS_MODULE or KENG_ENV name production."""
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if settings.endswith(".production") or os.environ.get("KENG_ENV", "").lower() == "production":
        raise RefusedInProduction(strings.REFUSED_PRODUCTION)


class _Server(TrackedServer, HTTPServer):
    timeout = 0.5  # seconds ``serve`` waits at most before it looks whether to stop

    def __init__(self, address: tuple[str, int], remote: Remote) -> None:
        self.remote = remote
        super().__init__(address, _Handler)

    def serve(self) -> None:
        """Answer until ``remote.stopping`` is set."""
        while not self.remote.stopping.is_set():
            self.handle_request()

    def wake(self) -> None:
        """Make ``serve`` notice at once that it shall stop."""
        with contextlib.suppress(OSError):
            socket.create_connection(self.socket.getsockname()[:2], timeout=1).close()


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
                hung_up=self._hung_up,
            )
        except BadBody as error:
            return json_reply({"error": str(error)}, 400)
        return answer(self.server.remote, request)

    def _hung_up(self) -> bool:
        try:
            waiting = select.select([self.connection], [], [], 0)[0]
            return bool(waiting) and not self.connection.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True

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
        if reply.drop or reply.cut or reply.pause:
            self.close_connection = True
        if reply.drop:
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
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        if reply.cut:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            return
        if not reply.pause:
            self.wfile.write(reply.body)
            return
        for number in range(len(reply.body)):
            self.wfile.write(reply.body[number : number + 1])
            self.wfile.flush()
            if self.server.remote.stopping.wait(reply.pause) or self._hung_up():
                return


class Sandbox:
    """The stand-in as an object: ``with Sandbox() as sandbox: ...``, or ``start()`` and ``stop()``.

    ``port`` 0 takes a free one, and so does ``mail_port`` 0 (None: no mail sink). ``state_file`` keeps the
    state over restarts (None: memory only). ``clock`` gives unix seconds. ``public_url`` is the address links
    carry when it is not the bound one. ``zalo_webhook_url`` is where the CMS takes Zalo's events.
    Raises RefusedInProduction; ``start`` raises OSError when a port is taken.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state_file: Path | None = None,
        clock: Callable[[], float] = time.time,
        *,
        public_url: str = "",
        mail_port: int | None = None,
        zalo_webhook_url: str = "",
    ) -> None:
        refuse_production()
        self._address = (host, port)
        self._mail_port = mail_port
        self._mail_server: MailServer | None = None
        self._public_url = public_url.rstrip("/")
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.remote = Remote(clock, state_file)
        self.remote.zalo_webhook_url = zalo_webhook_url

    def start(self) -> Sandbox:
        """Serve from a thread of this process. Returns itself."""
        self._server = _Server(self._address, self.remote)
        if self._mail_port is not None:
            try:
                self._mail_server = MailServer(self._address[0], self._mail_port, self.remote)
            except OSError:
                self._server.server_close()
                raise
            self.remote.mail_address = f"{self._address[0]}:{self._mail_server.port}"
        host, port = self._address[0], self._server.server_address[1]
        self.remote.base_url = self._public_url or f"http://{host}:{port}"
        self.remote.stopping.clear()
        self._thread = threading.Thread(target=self._server.serve, name="sandbox", daemon=True)
        self._thread.start()
        if self._mail_server is not None:
            self._mail_server.start()
        return self

    def stop(self) -> None:
        """Stop serving, end every connection, keep the state."""
        if self._server is None or self._thread is None:
            return
        self.remote.stopping.set()
        if self._mail_server is not None:
            self._mail_server.stop()
            self._mail_server = None
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

    @property
    def mail_port(self) -> int:
        """Where the mail sink listens; 0 without one."""
        return self._mail_server.port if self._mail_server is not None else 0

    def partner_url(self, partner_id: str) -> str:
        """Where a partner takes warnings."""
        return f"{self.base_url}{partner.PREFIX}{partner_id}{partner.INBOX}"

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

    def partner_items(self, partner_id: str) -> list[dict[str, Any]]:
        """What a partner took, newest first, the hidden and the withdrawn included."""
        with self.remote.lock:
            return [asdict(item) for item in partner.items_of(self.remote, partner_id)]

    def mails(self, recipient: str) -> list[dict[str, Any]]:
        """What an address got, newest first."""
        with self.remote.lock:
            return [asdict(mail) for mail in mails.of(self.remote, recipient)]

    def zalo_event(self, event: str, group_id: str, **values: str) -> int:
        """Send an event of the account to the CMS; its HTTP status. Raises zalo_events.BadEvent."""
        return zalo_events.send(self.remote, {"event": event, "group_id": group_id, **values})

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
    parser.add_argument("--mail-port", type=int, default=None, help="also take e-mail on this port")
    parser.add_argument("--zalo-webhook-url", default="", help="where the CMS takes Zalo's events")
    parser.add_argument("--print-world", action="store_true", help="print the demo world as JSON and exit")
    options = parser.parse_args(argv)
    if options.print_world:
        sys.stdout.write(json.dumps(world.as_json(), ensure_ascii=False) + "\n")
        return 0
    asked = StopRequest()
    asked.listen()
    try:
        sandbox = Sandbox(
            options.host,
            options.port,
            options.state_file,
            public_url=options.public_url,
            mail_port=options.mail_port,
            zalo_webhook_url=options.zalo_webhook_url,
        ).start()
    except RefusedInProduction as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        ports = " / ".join(str(port) for port in (options.port, options.mail_port) if port is not None)
        sys.stderr.write(strings.PORT_TAKEN.format(port=ports, reason=error.strerror) + "\n")
        return 1
    sys.stdout.write(strings.SERVING.format(url=sandbox.base_url) + "\n")
    sys.stdout.flush()
    asked.wait()
    end_within(PATIENCE)
    sandbox.stop()
    return 0
