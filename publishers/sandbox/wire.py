"""Requests and replies as plain values, and the reading of form, multipart and JSON bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

MAX_FIELDS = 200
_PARAMETER = re.compile(r';\s*(\w+)=(?:"([^"]*)"|([^;"\s]*))', re.ASCII)


class BadBody(ValueError):
    """The body does not have the form its Content-Type announces."""


@dataclass(frozen=True)
class FilePart:
    """One uploaded file of a multipart body."""

    name: str
    content_type: str
    data: bytes


@dataclass
class Reply:
    """What goes back. ``refused`` marks a well-formed error; ``drop`` closes the socket without a byte.

    ``pause`` sends the body byte by byte, so many seconds apart; ``cut`` ends in the middle of it.
    """

    status: int = 200
    body: bytes = b""
    content_type: str | None = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    refused: bool = False
    drop: bool = False
    pause: float = 0.0
    cut: bool = False


@dataclass
class Request:
    """One HTTP request, read whole.

    ``visible_after`` is set by a fault: seconds until what this request creates shows up in read-backs.
    ``hung_up`` says whether the caller has closed the connection.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    visible_after: float = 0.0
    hung_up: Callable[[], bool] = lambda: False

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def _parts(self) -> tuple[dict[str, str], dict[str, FilePart]]:
        kind = self.content_type
        if kind == "application/x-www-form-urlencoded":
            return pairs(self.body.decode("utf-8", "replace")), {}
        if kind == "multipart/form-data":
            return parse_multipart(self.headers["content-type"], self.body)
        return {}, {}

    @property
    def form(self) -> dict[str, str]:
        """Form fields of an urlencoded or multipart body; empty for any other. Raises BadBody."""
        return self._parts[0]

    @property
    def files(self) -> dict[str, FilePart]:
        """Files of a multipart body by field name. Raises BadBody."""
        return self._parts[1]

    @cached_property
    def json(self) -> Any:
        """The body read as JSON, whatever its Content-Type. Raises BadBody."""
        try:
            value = json.loads(self.body)
            if b"\\u" in self.body:
                # A lone surrogate is legal JSON and can be written nowhere.
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise BadBody("not JSON") from error
        return value


def pairs(text: str) -> dict[str, str]:
    """Decode ``a=1&b=2``; the last of equal keys wins. Raises BadBody above MAX_FIELDS fields."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise BadBody("too many fields") from error


def parse_multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, FilePart]]:
    """Split a multipart/form-data body (RFC 7578) into (fields, files). Raises BadBody."""
    boundary = _parameters(content_type).get("boundary", "")
    if not boundary:
        raise BadBody("no boundary")
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    fields: dict[str, str] = {}
    files: dict[str, FilePart] = {}
    pieces = (b"\r\n" + body).split(delimiter, MAX_FIELDS)
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return fields, files
        head, gap, data = piece.partition(b"\r\n\r\n")
        headers = _part_headers(head)
        disposition = _parameters(headers.get("content-disposition", ""))
        name = disposition.get("name")
        if not gap or not name:
            raise BadBody("a part has no name")
        if "filename" in disposition:
            part_type = headers.get("content-type", "application/octet-stream")
            files[name] = FilePart(disposition["filename"], part_type, data)
        else:
            fields[name] = data.decode("utf-8", "replace")
    raise BadBody("no closing boundary")


def _parameters(header: str) -> dict[str, str]:
    return {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(header)}


def _part_headers(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").strip("\r\n").split("\r\n")
    return {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def json_reply(payload: Any, status: int = 200) -> Reply:
    """A reply holding ``payload`` as JSON, in the Content-Type the Graph API uses."""
    return Reply(status=status, body=json.dumps(payload, ensure_ascii=False).encode())
