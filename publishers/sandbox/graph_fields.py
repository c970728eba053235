"""The ``fields`` parameter: ``id,attachments{url,target},comments.limit(0).summary(true)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from publishers.sandbox.graph_errors import GraphError

MAX_LENGTH = 4_000


def split_fields(text: str) -> dict[str, str]:
    """Top-level names, each with the text between its braces (empty without). Raises GraphError 2500."""
    if len(text) > MAX_LENGTH:
        raise GraphError(100, "(#100) fields is too long")
    found: dict[str, str] = {}
    depth, start = 0, 0
    for position, sign in enumerate(text + ","):
        if sign in "{(":
            depth += 1
        elif sign in "})":
            depth -= 1
            if depth < 0:
                break
        elif sign == "," and depth == 0:
            piece = text[start:position].strip()
            start = position + 1
            if piece:
                head, _, inner = piece.partition("{")
                found[head.split(".")[0].strip()] = inner.removesuffix("}")
    if depth != 0 or not all(name.isidentifier() for name in found):
        raise GraphError(2500, "Syntax error in fields")
    return found


def project(fields: str, default: str, known: Mapping[str, Callable[[], Any]], node: str) -> dict[str, Any]:
    """Build an object of the asked fields and ``id``; a field whose value is None is left out.

    ``known`` maps a field to the function that computes it. Raises GraphError 100 for an unknown one,
    for the whole request, as the Graph API does.
    """
    asked = split_fields(fields or default)
    result: dict[str, Any] = {}
    for name, inner in asked.items():
        if name not in known:
            raise GraphError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})")
        value = known[name]()
        if inner and isinstance(value, dict) and isinstance(value.get("data"), list):
            wanted = set(split_fields(inner))
            rows = [{key: row[key] for key in row if key in wanted} for row in value["data"]]
            value = {**value, "data": rows}
        if value is not None:
            result[name] = value
    result.setdefault("id", known["id"]())
    return result
