"""A mail sink: SMTP on a loopback port that takes every mail, delivers none, and breaks on request."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable

from publishers.sandbox import mails
from publishers.sandbox.connections import TrackedServer
from publishers.sandbox.faults import Fault
from publishers.sandbox.remote import Remote

MAX_LINE = 8_192
MAX_BYTES = 10 * 1024 * 1024
MAX_RECIPIENTS = 100
MAX_COMMANDS = 2_000
SOCKET_SECONDS = 60
HOST = "keng.sandbox"
_PATH = re.compile(r"(?:FROM|TO):\s*<?([^<>\s]*)>?", re.IGNORECASE)
# What each step answers when it is planned to refuse.
_REFUSALS = {"connect": 554, "mail": 553, "rcpt": 550, "data": 554, "text": 554}


class _Closed(Exception):
    """The conversation is over."""


class MailServer(TrackedServer):
    """Listens from its creation; ``start`` answers from a thread, ``stop`` ends every conversation."""

    def __init__(self, host: str, port: int, remote: Remote) -> None:
        self.remote = remote
        super().__init__((host, port), _Conversation)
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="mail-sink", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, hang up."""
        self.shutdown()
        self._thread.join()
        self.hang_up()
        self.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer
    timeout = SOCKET_SECONDS
    _sender: str | None
    _recipients: list[str]

    def handle(self) -> None:
        self._forget()
        try:
            if not self._step("connect", "", lambda: None, f"220 {HOST} ESMTP"):
                return
            for _number in range(MAX_COMMANDS):
                self._command(self._line())
        except (_Closed, OSError):
            return

    def _command(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO":
                self._say(f"250-{HOST}", f"250-SIZE {MAX_BYTES}", "250-8BITMIME", "250 SMTPUTF8")
            case "HELO":
                self._say(f"250 {HOST}")
            case "MAIL":
                self._mail(rest)
            case "RCPT":
                self._recipient(rest)
            case "DATA":
                self._data()
            case "RSET":
                self._forget()
                self._say("250 forgotten")
            case "NOOP":
                self._say("250 fine")
            case "QUIT":
                self._say("221 good bye")
                raise _Closed
            case _:
                self._say("502 unknown command")

    def _mail(self, rest: str) -> None:
        found = _PATH.match(rest)
        if found is None:
            self._say("501 from whom?")
            return
        self._forget()
        address = found[1]

        def act() -> None:
            self._sender = address

        self._step("mail", address, act, "250 sender taken")

    def _recipient(self, rest: str) -> None:
        found = _PATH.match(rest)
        if self._sender is None:
            self._say("503 MAIL first")
        elif found is None or "@" not in found[1]:
            self._say("501 to whom?")
        elif len(self._recipients) >= MAX_RECIPIENTS:
            self._say("452 too many recipients")
        else:
            address = found[1]
            self._step("rcpt", address, lambda: self._recipients.append(address), "250 recipient taken")

    def _data(self) -> None:
        if not self._recipients:
            self._say("503 RCPT first")
            return
        whom = ", ".join(self._recipients)
        going: list[bool] = []
        self._step("data", whom, lambda: going.append(True), "354 go on, end with a full stop")
        if not going:
            return
        raw = self._text()
        if raw is None:
            self._forget()
            self._say("552 too big")
            return

        def act() -> None:
            remote = self.server.remote
            with remote.lock:
                for address in self._recipients:
                    mails.keep(remote, raw, self._sender or "", address)
                remote.save()

        self._step("text", whom, act, "250 taken")
        self._forget()

    def _text(self) -> bytes | None:
        """The mail up to the lonely full stop; None when it is too big."""
        lines: list[bytes] = []
        size = 0
        while True:
            line = self.rfile.readline(MAX_LINE)
            if not line:
                raise _Closed
            if line.rstrip(b"\r\n") == b"." and line.endswith(b"\n"):
                return b"".join(lines) if size <= MAX_BYTES else None
            size += len(line)
            if size <= MAX_BYTES:
                lines.append(line[1:] if line.startswith(b"..") else line)

    def _step(self, operation: str, whom: str, act: Callable[[], None], fine: str) -> bool:
        """One step, with the fault it meets; True when it went well. Raises _Closed when the fault hangs up."""
        remote = self.server.remote
        with remote.lock:
            fault = remote.faults.take("smtp", operation, "", whom)
            entry = {
                "time": remote.now(),
                "api": "smtp",
                "operation": operation,
                "path": whom,
                "fault": fault.mode if fault else "",
                "status": None,
            }
            if fault is not None or operation == "text":
                remote.journal.append(entry)
        answer = self._played(fault, operation, act, fine)
        entry["status"] = int(answer[:3]) if answer else 0
        if not answer:
            raise _Closed
        self._say(answer)
        return answer == fine

    def _played(self, fault: Fault | None, operation: str, act: Callable[[], None], fine: str) -> str:
        """What is answered; empty: nothing, and the connection ends."""
        if fault is None:
            act()
            return fine
        wait = self.server.remote.stopping.wait
        if fault.mode == "slow" and fault.late:
            wait(fault.seconds)
        if fault.acts:
            act()
        match fault.mode:
            case "refuse":
                return f"{_code(fault, _REFUSALS[operation])} {_words(fault, 'refused')}"
            case "greylist":
                return f"{_code(fault, 451)} {_words(fault, 'greylisted, come back later')}"
            case "effect_then_error":
                return f"{_code(fault, 451)} {_words(fault, 'local error')}"
            case "slow":
                if not fault.late:
                    wait(fault.seconds)
                return fine
        if not fault.drop:
            wait(fault.seconds)
        return ""

    def _line(self) -> str:
        raw = self.rfile.readline(MAX_LINE)
        if not raw.endswith(b"\n"):
            raise _Closed
        return raw.decode("utf-8", "replace").strip()

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _forget(self) -> None:
        self._sender = None
        self._recipients = []


def _code(fault: Fault, default: int) -> int:
    return fault.code if fault.code is not None and 400 <= fault.code <= 599 else default


def _words(fault: Fault, default: str) -> str:
    return " ".join(fault.message.split())[:200] or default
