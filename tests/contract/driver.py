"""The smallest dispatcher that keeps the rule: send; after an unknown outcome look; never send blindly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from publishers.adapters.base import Adapter, Endpoint
from publishers.adapters.facebook_page.adapter import FacebookPagePublisher
from publishers.adapters.zalo_group.adapter import ZaloGroupPublisher
from publishers.contracts import (
    AuthExpired,
    ChannelGone,
    Image,
    LookupFailed,
    Message,
    OutcomeUnknown,
    PublishError,
    RateLimited,
    Receipt,
    Rejected,
    Temporary,
)
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox

CONNECT_SECONDS = 1.0
READ_SECONDS = 0.3
HOLD_SECONDS = 0.6
"""How long a fault holds a socket: beyond the client's patience."""
VISIBLE_AFTER = 30.0
"""Seconds a post stays hidden from read-backs, on the sandbox's clock."""
LOOKS = 4
SETTLE_SECONDS = 10.0


class Verdict(StrEnum):
    """What the local side believes in the end."""

    OUT = "out"
    NOT_OUT = "not_out"
    AGAIN = "again"
    """Surely not out, and worth another try."""
    PERSON = "person"


@dataclass
class Outcome:
    """The end of one delivery, and every error met on the way."""

    verdict: Verdict
    receipt: Receipt | None = None
    errors: list[PublishError] = field(default_factory=list)


class MemoryCredentials:
    """Secrets in memory, rotated under a lock: what publishers.credentials does with a table row."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        self._lock = threading.Lock()
        self.rotations = 0

    def read(self) -> dict[str, str]:
        return dict(self._secrets)

    def rotate(self, refresh: Callable[[dict[str, str]], dict[str, str]], *, stale: str) -> dict[str, str]:
        with self._lock:
            if self._secrets["access_token"] == stale:
                self._secrets = refresh(dict(self._secrets))
                self.rotations += 1
            return dict(self._secrets)


@dataclass
class Rig:
    """One platform: its sandbox, an adapter for it, and the names of its operations."""

    sandbox: Sandbox
    api: str
    publish: str
    upload: str
    look: str
    decorate: str
    """The read whose only use is the link of the receipt."""
    credentials: MemoryCredentials
    adapter: type[Adapter]
    endpoint: Endpoint
    remote_id: str

    def publisher(self, **endpoint: Any) -> Any:
        """A fresh adapter, as the dispatcher makes one for each call."""
        fields = {name: getattr(self.endpoint, name) for name in Endpoint.__slots__} | endpoint
        return self.adapter(self.remote_id, Endpoint(**fields), self.credentials)

    def items(self) -> list[dict[str, Any]]:
        """What really stands at the remote side, hidden items included."""
        if self.api == "graph":
            return self.sandbox.posts(self.remote_id)
        return self.sandbox.messages(self.remote_id)

    def calls(self, operation: str) -> int:
        """How often ``operation`` was asked for."""
        return len(self.sandbox.requests(operation))

    def fault(self, mode: str, operation: str = "", **options: Any) -> None:
        """Plan a fault for ``operation`` (default: the guarded call)."""
        options.setdefault("seconds", HOLD_SECONDS)
        self.sandbox.fault(mode, api=self.api, operation=operation or self.publish, **options)

    def settle(self) -> None:
        """Wait until no request is under way at the sandbox any more, then let its clock run on."""
        end = time.monotonic() + SETTLE_SECONDS
        while any(row["status"] is None for row in self.sandbox.requests()) and time.monotonic() < end:
            time.sleep(0.01)
        self.sandbox.shift_clock(VISIBLE_AFTER / (LOOKS - 1) + 1)


def facebook_rig(sandbox: Sandbox, **secrets: str) -> Rig:
    """The province's page in ``sandbox``."""
    return Rig(
        sandbox=sandbox,
        api="graph",
        publish="post_feed",
        upload="post_photo",
        look="list_posts",
        decorate="get_post",
        credentials=MemoryCredentials({"page_token": world.PROVINCE_PAGE.access_token, **secrets}),
        adapter=FacebookPagePublisher,
        endpoint=Endpoint(
            sandbox.graph_url, sandbox.facebook_token_url, "v25.0", CONNECT_SECONDS, READ_SECONDS
        ),
        remote_id=world.PROVINCE_PAGE.id,
    )


def zalo_rig(sandbox: Sandbox, **secrets: str) -> Rig:
    """The province's group in ``sandbox``."""
    pair = {
        "app_id": world.ZALO_APP_ID,
        "secret_key": world.ZALO_SECRET_KEY,
        "access_token": world.ZALO_ACCESS_TOKEN,
        "refresh_token": world.ZALO_REFRESH_TOKEN,
        "expires_at": "2126-01-01T00:00:00+00:00",
    }
    return Rig(
        sandbox=sandbox,
        api="zalo",
        publish="send_group_message",
        upload="upload_image",
        look="conversation",
        decorate="get_group",
        credentials=MemoryCredentials(pair | secrets),
        adapter=ZaloGroupPublisher,
        endpoint=Endpoint(
            sandbox.zalo_openapi_url, sandbox.zalo_oauth_url, "", CONNECT_SECONDS, READ_SECONDS
        ),
        remote_id=world.PROVINCE_GROUP.id,
    )


RIGS = {"facebook": facebook_rig, "zalo": zalo_rig}


def message(reference: str = "CB-2026-00123", image: bytes = b"", text: str = "") -> Message:
    """A sealed warning."""
    body = text or f"Giả danh cán bộ thuế yêu cầu cài ứng dụng.\nKhông làm theo, gọi 113.\nMã: {reference}"
    picture = Image("ab" * 32, "image/jpeg", 60, 30, "Thẻ cảnh báo", lambda: image)
    link = f"https://canhbao.example.vn/{reference.lower()}/"
    return Message(reference, "Giả danh cán bộ thuế", body, link, (picture,) if image else ())


def send(rig: Rig, sealed: Message, **endpoint: Any) -> Outcome:
    """One attempt."""
    since = datetime.now(UTC)
    try:
        return Outcome(Verdict.OUT, rig.publisher(**endpoint).send(sealed))
    except OutcomeUnknown as error:
        outcome = reconcile(rig, sealed, since)
        outcome.errors.insert(0, error)
        return outcome
    except (Temporary, RateLimited) as error:
        return Outcome(Verdict.AGAIN, errors=[error])
    except (AuthExpired, Rejected, ChannelGone) as error:
        return Outcome(Verdict.NOT_OUT, errors=[error])


def reconcile(rig: Rig, sealed: Message, since: datetime) -> Outcome:
    """Read back until ours is seen, or until it was absent every time."""
    errors: list[PublishError] = []
    absent = 0
    for _look in range(LOOKS):
        rig.settle()
        try:
            receipt = rig.publisher().find(sealed, since)
        except (LookupFailed, RateLimited, AuthExpired) as error:
            errors.append(error)
            continue
        if receipt is not None:
            return Outcome(Verdict.OUT, receipt, errors)
        absent += 1
    # A look that failed leaves the last word to a person, unless the later ones saw all there is.
    return Outcome(Verdict.AGAIN if absent else Verdict.PERSON, errors=errors)


def deliver(rig: Rig, sealed: Message, attempts: int = 4) -> Outcome:
    """Attempts until it is out or somebody must look."""
    errors: list[PublishError] = []
    for _attempt in range(attempts):
        outcome = send(rig, sealed)
        errors += outcome.errors
        if outcome.verdict is not Verdict.AGAIN:
            break
    outcome.errors = errors
    return outcome
