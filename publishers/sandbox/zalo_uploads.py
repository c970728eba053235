"""Uploads that become handles for messages: images, gifs, documents."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from publishers.sandbox.images import inspect
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Upload
from publishers.sandbox.wire import FilePart, Request
from publishers.sandbox.zalo_errors import ZaloError

MAX_IMAGE = 1_000_000  # "1 MB"; the stricter reading
MAX_GIF = 5_000_000
MAX_FILE = 5_000_000
_SIGNATURES = {"pdf": b"%PDF-", "doc": b"\xd0\xcf\x11\xe0", "docx": b"PK\x03\x04", "csv": b""}


def image(remote: Remote, request: Request) -> dict[str, str]:
    """A JPG or PNG. Returns attachment_id."""
    part = _part(request, MAX_IMAGE)
    found = inspect(part.data)
    if found is None or found.format not in ("JPEG", "PNG"):
        raise ZaloError(-201, "file")
    return {"attachment_id": _keep(remote, part, "image", found.extension)}


def gif(remote: Remote, request: Request) -> dict[str, str]:
    """A GIF. Returns attachment_id."""
    part = _part(request, MAX_GIF)
    found = inspect(part.data)
    if found is None or found.format != "GIF":
        raise ZaloError(-201, "file")
    return {"attachment_id": _keep(remote, part, "gif", "gif")}


def file(remote: Remote, request: Request) -> dict[str, str]:
    """A PDF, DOC, DOCX or CSV. Returns token."""
    part = _part(request, MAX_FILE)
    extension = PurePath(part.name).suffix.lower().removeprefix(".")
    if extension not in _SIGNATURES or not part.data.startswith(_SIGNATURES[extension]):
        raise ZaloError(-201, "file")
    return {"token": _keep(remote, part, "file", extension)}


def _part(request: Request, limit: int) -> FilePart:
    part = request.files.get("file")
    if part is None or not part.data:
        raise ZaloError(-201, "file")
    if len(part.data) > limit:
        raise ZaloError(-210, "file")
    return part


def _keep(remote: Remote, part: FilePart, kind: str, extension: str) -> str:
    handle = secrets.token_urlsafe(32)
    name = remote.storage.put(part.data, extension)
    remote.state.uploads[handle] = Upload(handle, kind, name, part.name[:200], remote.now())
    return handle
