"""An SMTP server that keeps what it took, and can break at every step of the conversation."""

import select
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Any

MODES = (
    "refuse_recipient",
    "greylist_recipient",
    "refuse_data",
    "drop_before_data",
    "take_then_drop",
    "drop_in_text",
    "take_then_hang",
    "refuse_text",
    "later_text",
)


class MailSink(socketserver.ThreadingTCPServer):
    """``mails`` holds (address, text) of everything it took; ``faults`` maps an address to its next mode."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []
        self.faults: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), _Conversation)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def greets(self) -> str:
        """The mode a conversation begins with; empty: a friendly one."""
        return ""

    def meets(self, address: str) -> str:
        """The mode the letter for ``address`` meets; empty: it is taken."""
        return self.faults.pop(address, "")

    def takes(self, address: str, text: str) -> None:
        """Keep a letter."""
        self.mails.append((address, text))

    def hold(self, gone: Callable[[], bool]) -> None:
        """Say nothing until the caller is gone, for a while at most."""
        end = time.monotonic() + 1.5
        while time.monotonic() < end and not gone():
            time.sleep(0.01)

    def of(self, address: str) -> list[str]:
        """What ``address`` got."""
        return [text for to, text in self.mails if to == address]


class _Conversation(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        if not self._greet(self.server.greets()):
            return
        address = mode = ""
        while line := self.rfile.readline():
            verb = line.decode("utf-8", "replace").strip()
            upper = verb.upper()
            if upper.startswith("RCPT TO:"):
                address = verb[8:].strip(" <>")
                mode = self.server.meets(address)
                if mode == "mute":
                    self.server.hold(self._gone)
                if mode in ("mute", "hang_up"):
                    return
                self._say(
                    {
                        "refuse_recipient": "550 no such person",
                        "greylist_recipient": "450 come back later",
                    }.get(mode, "250 ok")
                )
            elif upper == "DATA":
                if not self._data(address, mode):
                    return
            elif upper == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _greet(self, mode: str) -> bool:
        if mode == "mute":
            self.server.hold(self._gone)
        if mode in ("mute", "hang_up"):
            return False
        self._say({"": "220 sink", "babble": "HTTP/1.1 400 Bad Request"}.get(mode, "421 too busy"))
        return not mode

    def _data(self, address: str, mode: str) -> bool:
        if mode == "refuse_data":
            self._say("554 not today")
            return True
        if mode == "drop_before_data":
            return False
        self._say("354 go on")
        lines: list[str] = []
        for raw in iter(self.rfile.readline, b""):
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            if text == ".":
                break
            lines.append(text)
            if mode == "drop_in_text":
                return False
        if mode in ("refuse_text", "later_text"):
            self._say("554 refused" if mode == "refuse_text" else "451 later")
            return True
        self.server.takes(address, "\n".join(lines))
        if mode == "take_then_hang":
            self.server.hold(self._gone)
        if mode in ("take_then_hang", "take_then_drop"):
            return False
        self._say("250 taken")
        return True

    def _gone(self) -> bool:
        try:
            waiting = select.select([self.connection], [], [], 0)[0]
            return bool(waiting) and not self.connection.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def free(sink: Any) -> None:
    """Close it."""
    sink.shutdown()
    sink.server_close()
