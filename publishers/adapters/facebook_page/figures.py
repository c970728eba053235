"""Single figures out of the Graph API's replies; None where there is none."""

from collections.abc import Mapping
from typing import Any

from publishers.adapters import replies

_MOST = 2**53


def of_insight(reply: Mapping[str, Any]) -> int | None:
    """The value of an insights reply for one lifetime metric."""
    rows = reply.get("data")
    row = replies.mapping(rows[0]) if isinstance(rows, list) and rows else {}
    values = row.get("values")
    return _whole(replies.mapping(values[0]).get("value")) if isinstance(values, list) and values else None


def of_count(reply: Mapping[str, Any], field: str) -> int | None:
    """The count of one edge of a post."""
    if field == "shares":
        # Facebook leaves the field out of a readable post that nobody shared.
        if "shares" not in reply:
            return 0 if replies.identifier(reply.get("id")) else None
        return _whole(replies.mapping(reply["shares"]).get("count"))
    summary = replies.mapping(replies.mapping(reply.get(field)).get("summary"))
    return _whole(summary.get("total_count"))


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < _MOST else None
