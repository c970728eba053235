"""The platforms that the sandbox speaks, as targets of the kit's dispatcher."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from publishers.adapters.base import Adapter, Endpoint
from publishers.adapters.facebook_page.adapter import FacebookPagePublisher
from publishers.adapters.zalo_group.adapter import ZaloGroupPublisher
from publishers.kit.credentials import MemoryCredentials
from publishers.kit.dispatcher import LOOKS
from publishers.kit.remote import HOLD_SECONDS
from publishers.kit.stage import CONNECT_SECONDS, READ_SECONDS, UNHURRIED_SECONDS
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox

VISIBLE_AFTER = 30.0
"""Seconds a post stays hidden from read-backs, on the sandbox's clock."""
SETTLE_SECONDS = 10.0


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
        if not self.sandbox.remote.faults.holding:
            # Nobody is left waiting, and a busy machine must not look like a failure.
            endpoint.setdefault("read_timeout", UNHURRIED_SECONDS)
        fields = {name: getattr(self.endpoint, name) for name in Endpoint.__slots__} | endpoint
        return self.adapter(self.remote_id, Endpoint(**fields), self.credentials)

    def items(self) -> list[dict[str, Any]]:
        """What really stands at the remote side, hidden items included."""
        if self.api == "graph":
            return self.sandbox.posts(self.remote_id)
        return self.sandbox.messages(self.remote_id)

    def texts(self) -> list[str]:
        """What the items say."""
        return [str(item["message" if self.api == "graph" else "text"]) for item in self.items()]

    def calls(self, operation: str) -> int:
        """How often ``operation`` was asked for."""
        return len(self.sandbox.requests(operation))

    def fault(self, mode: str, operation: str = "", **options: Any) -> None:
        """Plan a fault for ``operation`` (default: the guarded call)."""
        options = {"seconds": HOLD_SECONDS, "until_hangup": True, "api": self.api} | options
        self.sandbox.fault(mode, operation=operation or self.publish, **options)

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
