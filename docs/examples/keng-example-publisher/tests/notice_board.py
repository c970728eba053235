"""A notice board over HTTP, as its API guide describes it (README.md)."""

import json
from typing import Any

from publishers.adapters.verdict import Step
from publishers.contracts import Shown
from publishers.kit import Receiver, Reply, Request

KEY = "khoa-bang-tin-phuong-7"


def _refusal(status: int, code: str) -> Reply:
    return Reply(status, json.dumps({"error": code}).encode())


class NoticeBoard(Receiver):
    """One board."""

    # The kit's refusals, in the words of this platform.
    refusals = {
        "refuse": _refusal(422, "bad_text"),
        "throttled": _refusal(429, "slow_down"),
        "gone": _refusal(410, "no_board"),
        "forbidden": _refusal(403, "bad_key"),
    }

    def step(self, request: Request) -> Step:
        """The board's name is asked for only by the connection check."""
        return Step.CHECK if request.path == "/board" else super().step(request)

    def answer(self, request: Request) -> Reply:
        """Every call of the API."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return self.refusals["forbidden"]
        if request.path == "/board":
            return _json({"name": "Bảng tin phường 7"})
        notice = request.path.removeprefix("/notices").strip("/")
        if request.method == "GET":
            return self._list(request)
        if request.method == "POST":
            return _json(_row(self.keep(json.loads(request.body)["text"])))
        if request.method == "PUT" and self.change(notice, json.loads(request.body)["text"]):
            return _json({"id": notice})
        if request.method == "DELETE" and self.remove(notice):
            return _json({"id": notice})
        return _refusal(404, "no_notice")

    def _list(self, request: Request) -> Reply:
        since, offset, limit = (int(request.query[name]) for name in ("since", "offset", "limit"))
        rows = [_row(item) for item in reversed(self.items())]
        recent = [row for row in rows if row["posted_ms"] >= since * 1000]
        return _json({"notices": recent[offset : offset + limit]})


def _row(item: Shown) -> dict[str, Any]:
    posted = int(item.published_at.timestamp() * 1000) if item.published_at else 0
    return {"id": item.remote_id, "text": item.text, "posted_ms": posted}


def _json(content: dict[str, Any]) -> Reply:
    return Reply(body=json.dumps(content).encode())
