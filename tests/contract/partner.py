"""A partner's receiver that keeps the documented contract (docs/webhook.md)."""

import json
from typing import Any

from publishers.adapters.webhook.signature import mac
from publishers.kit import Receiver, Reply, Request

KEY = "khoa-ky-cua-doi-tac"
MODES = (
    "refuse",
    "effect_then_error",
    "effect_then_timeout",
    "timeout_no_effect",
    "html_502",
    "empty_200",
    "bad_json",
    "slow",
    "drop",
    "redirect",
    "throttled",
    "gone",
    "forbidden",
)
"""The failures that the whole engine is put through."""


class Partner(Receiver):
    """Takes each Idempotency-Key once, shows the newest version, and hides what was withdrawn."""

    # Pictures are named in the message itself.
    uploads = False

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[str, dict[str, Any]] = {}
        self.bad_signatures = 0
        self._ids: dict[str, str] = {}

    def answer(self, request: Request) -> Reply:
        """Check the signature, then take what is new."""
        stamp, given = request.headers["x-keng-timestamp"], request.headers["x-keng-signature"]
        if f"v1={mac(request.body, stamp, KEY)}" not in given.split(","):
            self.bad_signatures += 1
            return Reply(401)
        content = json.loads(request.body)
        if content["event"] == "ping":
            return Reply()
        key = request.headers["idempotency-key"]
        if key not in self.taken:
            self.taken[key] = content
            self._ids[key] = self._show(content)
        told = {"id": self._ids[key], "url": f"https://doi-tac.example/{self._ids[key]}"}
        return Reply(body=json.dumps(told).encode())

    def _show(self, content: dict[str, Any]) -> str:
        replaced = content["replaces"]
        if content["event"] == "warning.withdrawn":
            self.remove(replaced)
            return str(replaced)
        if self.change(replaced, content["text"]):
            return str(replaced)
        pictures = [picture["sha256"] for picture in content["images"]]
        return self.keep(content["text"], pictures=pictures).remote_id
