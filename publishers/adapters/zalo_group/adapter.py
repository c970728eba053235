"""The publisher of a Zalo group: one message, with the picture above its text."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from publishers.adapters import readback, replies
from publishers.adapters.base import Adapter
from publishers.adapters.content import check_text, only_image
from publishers.adapters.transport import Budget
from publishers.adapters.verdict import Step, verdict
from publishers.adapters.zalo_group.access import Access
from publishers.adapters.zalo_group.errors import AMBIGUOUS, TOKEN, rule_of, to_error
from publishers.adapters.zalo_group.oa import Oa, OaFailure
from publishers.contracts import (
    Capabilities,
    ChannelGone,
    ChannelIdentity,
    Image,
    Listing,
    Message,
    Rate,
    Receipt,
    Rejected,
    Scope,
    Shown,
    Temporary,
)

PAGE_SIZE = 10
MAX_PAGES = 30
LINK_SECONDS = 5.0
"""Read timeout for the group's link: the message is out already, and its receipt is not yet saved."""
HANDLE_EXPIRED = "-100"
MENTION = "[@"
_SEND, _CONVERSATION = "v3.0/oa/group/message", "v3.0/oa/group/conversation"
_GROUP, _UPLOAD, _ACCOUNT = "v3.0/oa/group/getgroup", "v2.0/oa/upload/image", "v2.0/oa/getoa"

Answer = TypeVar("Answer")


class ZaloGroupPublisher(Adapter):
    """Sends into the group ``remote_id`` as the account's Official Account (README.md)."""

    kind: ClassVar[str] = "zalo_group"
    # Zalo takes 2,000 characters; the margin keeps clear of how it counts them.
    # The account's pace is the smallest paid plan's; a larger plan is a setting (PUBLISH_RATES).
    capabilities: ClassVar[Capabilities] = Capabilities(
        max_length=1800,
        images=1,
        max_image_bytes=1_000_000,
        follow_up=True,
        read_back=True,
        listing=True,
        guarded=True,
        rates={
            Scope.CHANNEL: Rate(20, 60, burst=5),
            Scope.ACCOUNT: Rate(100, 60, burst=10),
            Scope.PLATFORM: Rate(4000, 60, burst=100),
        },
    )

    def check(self) -> ChannelIdentity:
        """Read the group's name and state and, where permitted, the Official Account's name.

        Raises AuthExpired, ChannelGone, RateLimited or Temporary.
        """
        line = _Line(self)
        group = _group_info(line.ask(Step.CHECK, self._read_group))
        if not group:
            raise verdict(AMBIGUOUS, Step.CHECK, code="no_group_info")
        if isinstance(group.get("status"), str) and group["status"] != "enabled":
            raise ChannelGone(
                _("The Zalo group is closed or disabled. Open it again at Zalo, or switch this channel off."),
                code="group_disabled",
            )
        return ChannelIdentity(
            remote_id=replies.identifier(group.get("group_id")) or self.remote_id,
            name=replies.name(group.get("name")) or self.remote_id,
            url=replies.address(group.get("group_link")),
            picture_url=replies.address(group.get("avatar")),
            detail=_detail(group, line.ask_gently(lambda oa: oa.get(_ACCOUNT))),
        )

    def send(self, message: Message) -> Receipt:
        """Upload the picture, then send the one message.

        Raises Rejected for a text that holds ``[@``: Zalo reads it as a mention and could ring every
        member's phone. Sealing takes it out; a sealed text is not changed here.
        """
        budget = Budget(2 * (self.endpoint.connect_timeout + self.endpoint.read_timeout))
        if MENTION in message.text:
            raise Rejected(
                _(
                    "The text holds “[@”, which Zalo reads as a mention of members. "
                    "Remove it and submit it for approval again."
                ),
                code="mention",
            )
        check_text(message, self.capabilities)
        picture = only_image(message, self.capabilities)
        line = _Line(self)
        line.access.freshen()

        data = self._send_once(line, message, picture, budget)
        message_id = replies.identifier(replies.mapping(data).get("message_id"))
        if not message_id:
            raise verdict(AMBIGUOUS, Step.PUBLISH, code="no_message_id")
        return Receipt(message_id, self._link(line), timezone.now())

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Read the group's conversation back to ``since`` and look for the reference."""
        readback.require_reference(message)
        line = _Line(self)
        items = self._own_messages(line, since.timestamp() - readback.LOOK_BACK)
        found = readback.adopt(items, message.reference)
        return replace(found, url=self._link(line)) if found else None

    def shown(self, since: datetime) -> Listing:
        """What the Official Account said in the group since ``since``; members' messages are not ours to read."""
        line = _Line(self)
        items = tuple(
            Shown(item.remote_id, item.text, item.published_at)
            for item in self._own_messages(line, since.timestamp())
            if item.published_at is None or item.published_at >= since
        )
        return Listing(items, since)

    def _send_once(
        self, line: "_Line", message: Message, picture: tuple[Image, bytes] | None, budget: Budget
    ) -> Any:
        """Upload and make the guarded call; both once more if Zalo has already dropped the picture."""
        try:
            return line.ask(Step.PUBLISH, self._guarded(self._body(line, message, picture), budget))
        except Temporary as error:
            if picture is None or error.code != HANDLE_EXPIRED:
                raise
        return line.ask(Step.PUBLISH, self._guarded(self._body(line, message, picture), budget))

    def _guarded(self, body: dict[str, Any], budget: Budget) -> Callable[[Oa], Any]:
        """The one call that makes something visible, refused when it is too late to begin it."""

        def post(oa: Oa) -> Any:
            if budget.spent:
                raise Temporary(
                    _(
                        "Preparing the message took too long, so nothing was sent. "
                        "The system will try again by itself."
                    ),
                    code="too_late",
                )
            self.guard()
            return oa.post(_SEND, {"recipient": {"group_id": self.remote_id}, "message": body})

        return post

    def _body(self, line: "_Line", message: Message, picture: tuple[Image, bytes] | None) -> dict[str, Any]:
        """The message with a fresh handle of its picture: handles expire and are never kept."""
        body: dict[str, Any] = {"text": message.text}
        if picture is not None:
            element = {"media_type": "image", "attachment_id": self._upload(line, *picture)}
            payload = {"template_type": "media", "elements": [element]}
            body["attachment"] = {"type": "template", "payload": payload}
        return body

    def _upload(self, line: "_Line", image: Image, data: bytes) -> str:
        suffix = "png" if image.mime == "image/png" else "jpg"
        file_name = f"{image.sha256[:16]}.{suffix}"
        reply = line.ask(Step.PREPARE, lambda oa: oa.upload(_UPLOAD, file_name, data, image.mime))
        handle = replies.mapping(reply).get("attachment_id")
        if not isinstance(handle, str) or not handle:
            raise verdict(AMBIGUOUS, Step.PREPARE, code="no_attachment_id")
        return handle

    def _read_group(self, oa: Oa) -> Any:
        return oa.get(_GROUP, group_id=self.remote_id)

    def _link(self, line: "_Line") -> str:
        """The group's address, or "": a message has none of its own."""
        return replies.address(_group_info(line.ask_gently(self._read_group)).get("group_link"))

    def _read_page(self, oa: Oa, *, offset: int) -> Any:
        return oa.get(_CONVERSATION, group_id=self.remote_id, offset=offset, count=PAGE_SIZE)

    def _own_messages(self, line: "_Line", start: float) -> Iterator[readback.Found]:
        """What the Official Account said in the group since ``start`` (unix seconds), newest first.

        Raises LookupFailed and its kin.
        """
        offset = 0
        seen: set[str] = set()
        for _page in range(MAX_PAGES):
            rows = line.ask(Step.LOOK, partial(self._read_page, offset=offset))
            if not isinstance(rows, list):
                raise readback.unreadable()
            if not rows:
                return
            items = [_item(row) for row in rows]
            for own, item in items:
                if own and item.remote_id not in seen:
                    yield item
            fresh = {item.remote_id for _own, item in items} - seen
            times = [item.published_at.timestamp() if item.published_at else start for _own, item in items]
            if max(times) < start:
                return
            if not fresh:
                # The same page again: what lies behind it cannot be seen.
                raise readback.unfinished()
            seen |= fresh
            offset += len(rows)
        raise readback.unfinished()


class _Line:
    """The connection of one adapter call: the client, and the token behind it."""

    def __init__(self, adapter: Adapter) -> None:
        self.access = Access(adapter.credentials, adapter.endpoint)
        self._endpoint = adapter.endpoint
        self._pressed = adapter.slow_down

    def ask(self, step: Step, call: Callable[[Oa], Answer]) -> Answer:
        """Make ``call``; if Zalo refuses the token, renew it once and make it once more.

        Raises the error for ``step``.
        """
        try:
            return call(self._oa())
        except OaFailure as failure:
            if rule_of(failure) is not TOKEN:
                raise to_error(failure, step) from failure
        self.access.renew()
        try:
            return call(self._oa())
        except OaFailure as failure:
            raise to_error(failure, step) from failure

    def ask_gently(self, call: Callable[[Oa], Any]) -> Any:
        """Make ``call`` in a short time, once; None when nothing comes of it."""
        try:
            return call(self._oa(read_timeout=min(LINK_SECONDS, self._endpoint.read_timeout)))
        except Exception:
            # An extra: what it decorates stands without it.
            return None

    def _oa(self, read_timeout: float = 0.0) -> Oa:
        return Oa(
            self._endpoint,
            self.access.token,
            self.access.secret_key,
            read_timeout=read_timeout,
            pressed=self._pressed,
        )


def _group_info(data: Any) -> dict[str, Any]:
    return replies.mapping(replies.mapping(data).get("group_info"))


def _item(row: Any) -> tuple[bool, readback.Found]:
    """(whether the Official Account sent it, the message) of one row of a conversation."""
    if not isinstance(row, dict) or not replies.identifier(row.get("message_id")):
        raise readback.unreadable()
    # A picture's caption has been seen under other names than a text.
    texts = [row.get(key) for key in ("message", "text", "description")]
    text = "\n".join(part for part in texts if isinstance(part, str))
    sent = replies.moment_from_ms(row.get("time"))
    return str(row.get("src")) == "0", readback.Found(replies.identifier(row["message_id"]), text, sent)


def _detail(group: dict[str, Any], account: Any) -> str:
    members, name = group.get("total_member"), replies.name(replies.mapping(account).get("name"))
    counted = replies.identifier(members)
    parts = [_("Official Account %(name)s") % {"name": name}] if name else []
    if counted.isdigit():
        parts.append(_("%(count)s members") % {"count": counted})
    return " · ".join(parts)
