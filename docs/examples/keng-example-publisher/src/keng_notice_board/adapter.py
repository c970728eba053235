"""The publisher of a ward's notice board: one JSON POST, one list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone

import requests

from cms.core.outbound import ForbiddenAddress, OutboundClient
from keng_notice_board import answers
from publishers.adapters import readback, replies
from publishers.adapters.base import Adapter, Endpoint
from publishers.adapters.content import check_text
from publishers.adapters.transport import never_left
from publishers.adapters.verdict import Step, verdict
from publishers.contracts import (
    Capabilities,
    ChannelIdentity,
    Credentials,
    Listing,
    Message,
    PublishError,
    Rate,
    Receipt,
    Rejected,
    Scope,
    Shown,
)

PAGE_SIZE = 50
MAX_PAGES = 5


class NoticeBoardPublisher(Adapter):
    """Posts at the address and with the key of the account (README.md)."""

    kind: ClassVar[str] = "notice_board"
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=2000,
        edit=True,
        delete=True,
        read_back=True,
        listing=True,
        guarded=True,
        rates={Scope.CHANNEL: Rate(20, 60, burst=5)},
    )

    def check(self) -> ChannelIdentity:
        """The name on the board."""
        board = self._call(Step.CHECK, "GET", "board")
        return ChannelIdentity(self.remote_id, replies.name(board.get("name")) or self.remote_id)

    def send(self, message: Message) -> Receipt:
        """Put up a notice."""
        check_text(message, self.capabilities)
        return self._publish("POST", "notices", message)

    def edit(self, message: Message) -> Receipt:
        """Give the notice ``message.target_id`` a new text. PUT, so a repeat changes nothing."""
        check_text(message, self.capabilities)
        return self._publish("PUT", f"notices/{message.target_id}", message)

    def delete(self, message: Message) -> Receipt:
        """Take the notice ``message.target_id`` down; that it is gone already is a success."""
        try:
            self._call(Step.PUBLISH, "DELETE", f"notices/{message.target_id}")
        except Rejected as error:
            if error.code != "post_gone":
                raise
        return Receipt(message.target_id, published_at=timezone.now())

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Look for the reference code on the board."""
        readback.require_reference(message)
        return readback.adopt(self._notices(since.timestamp() - readback.LOOK_BACK), message.reference)

    def shown(self, since: datetime) -> Listing:
        """The board's notices since ``since``."""
        found = self._notices(since.timestamp())
        return Listing(
            tuple(Shown(item.remote_id, item.text, item.published_at, item.url) for item in found), since
        )

    def _publish(self, method: str, path: str, message: Message) -> Receipt:
        reply = self._call(Step.PUBLISH, method, path, json={"text": message.text})
        notice = replies.identifier(reply.get("id"))
        if not notice:
            raise verdict(answers.AMBIGUOUS, Step.PUBLISH, code="no_id")
        return Receipt(notice, replies.address(reply.get("url")), timezone.now())

    def _notices(self, start: float) -> Iterator[readback.Found]:
        """Notices since ``start`` (unix seconds), newest first. Raises LookupFailed and its kin."""
        for page in range(MAX_PAGES):
            query = {"since": int(start), "offset": page * PAGE_SIZE, "limit": PAGE_SIZE}
            rows = self._call(Step.LOOK, "GET", "notices", params=query).get("notices")
            if not isinstance(rows, list):
                raise readback.unreadable()
            for row in rows:
                yield _found(row)
            if len(rows) < PAGE_SIZE:
                return
        raise readback.unfinished()

    def _call(self, step: Step, method: str, path: str, **content: Any) -> dict[str, Any]:
        account = self.credentials.read()
        key = account.get("board_key", "")
        if not (key.isascii() and key.isprintable() and key.strip()):
            raise verdict(answers.NO_KEY, step, code="no_key")
        # A person typed the address: only this client checks that it leads to no machine of our own.
        client = OutboundClient(
            connect_timeout=self.endpoint.connect_timeout, read_timeout=self.endpoint.read_timeout
        )
        url = f"{account.get('url', '').rstrip('/')}/{path}"
        failure: PublishError
        if step is Step.PUBLISH:
            self.guard()
        try:
            reply = client.request(method, url, headers={"Authorization": f"Bearer {key}"}, **content)
            return _success(reply, step)
        except PublishError:
            raise
        except ForbiddenAddress:
            failure = verdict(answers.FORBIDDEN, step, code="forbidden_address")
        except Exception as error:
            rule = answers.UNREACHED if never_left(error) else answers.AMBIGUOUS
            failure = verdict(rule, step, code=type(error).__name__)
        finally:
            client.close()
        # Outside the handler: the original quotes the address and must not hang on to what is raised.
        raise failure


def check_account(credentials: Credentials, endpoint: Endpoint) -> None:
    """Ask the board for its name: whether the account is connected. Raises a PublishError."""
    NoticeBoardPublisher(remote_id="", endpoint=endpoint, credentials=credentials).check()


def _success(reply: requests.Response, step: Step) -> dict[str, Any]:
    try:
        body = reply.json()
    except (ValueError, RecursionError):
        body = None
    if 200 <= reply.status_code < 300 and isinstance(body, dict) and "error" not in body:
        return body
    rule = answers.rule_of(reply.status_code, replies.mapping(body).get("error"))
    label = "post_gone" if rule is answers.POST_GONE else f"http {reply.status_code}"
    raise verdict(rule, step, code=label)


def _found(row: Any) -> readback.Found:
    item = replies.mapping(row)
    notice, text = replies.identifier(item.get("id")), item.get("text")
    if not notice or not isinstance(text, str):
        raise readback.unreadable()
    return readback.Found(
        notice, text, replies.moment_from_ms(item.get("posted_ms")), replies.address(item.get("url"))
    )
