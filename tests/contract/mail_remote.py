"""A mail server as the other side of the kit: no HTTP, one letter for each address of a list."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from typing import Any, ClassVar, Self

from publishers.adapters.verdict import Step
from publishers.contracts import Rejected, Temporary
from publishers.kit import Remote
from tests.contract.mail_sink import MODES, MailSink

# What can already happen when a conversation begins; "mute" and "hang_up" also in the middle of it.
GREETINGS = ("busy", "mute", "hang_up", "babble")


class MailRemote(Remote, MailSink):
    """Says so when a conversation or a letter meets the planned failure."""

    failures = (*MODES, *GREETINGS)
    definite: ClassVar = {
        "refuse_recipient": Rejected,
        "refuse_data": Rejected,
        "refuse_text": Rejected,
        "greylist_recipient": Temporary,
        "later_text": Temporary,
    }
    lost = "take_then_drop"
    silent = "mute"
    holds = ("mute", "take_then_hang")

    def __init__(self) -> None:
        Remote.__init__(self)
        MailSink.__init__(self)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @contextmanager
    def nowhere(self) -> Iterator[str]:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            yield f"smtp://127.0.0.1:{closed.getsockname()[1]}"

    def greets(self) -> str:
        mode = self.meet(Step.CHECK)
        return mode if mode in GREETINGS else "busy" if mode else ""

    def meets(self, address: str) -> str:
        mode = self.meet(Step.PUBLISH)
        return {"busy": "greylist_recipient", "babble": "drop_before_data"}.get(mode, mode)

    def takes(self, address: str, text: str) -> None:
        content: Any = message_from_string(text, policy=policy.default)
        # SMTP ends each line with CRLF, and a letter with the end of a line.
        self.keep(content.get_content().replace("\r\n", "\n").removesuffix("\n"), address=address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self.under_way():
            super().process_request_thread(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.crashes.append(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.leaving.set()
        self.shutdown()
        self.server_close()
