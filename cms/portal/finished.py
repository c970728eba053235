"""Finished pages and sealed pictures ahead of Django: answered from memory, as fresh as the file system.

Every answer costs one stat() of the file: a page another process wrote, or removed, a moment ago counts at
once. Anything that is not a finished file goes through to Django.
"""

import gzip
import hashlib
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from cms.portal import addresses
from cms.portal.answering import extra_headers, manner
from cms.portal.baking.files import ENCODINGS
from cms.portal.headers import FOREVER, page_cache_control, security_headers

MAX_CACHE_BYTES: Final = 64 * 1024 * 1024
MAX_ENTRY_BYTES: Final = 4 * 1024 * 1024
# Nothing but these characters can reach the file system, so no path leaves its folder.
_PAGE: Final = re.compile(
    r"/(?:[a-z0-9-]+/)*(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:xml|txt|ico|json|csv|js|svg|png|jpg|webmanifest|yaml))?"
)
_SEALED: Final = re.compile(r"/media/sealed/([0-9a-f]{2})/(\1[0-9a-f]{62})\.(jpg|png|webp)")
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".yaml": "application/yaml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Body:
    """One encoding of a file with everything that goes out before it."""

    data: bytes
    etag: str
    headers: Headers
    not_modified: Headers


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in memory, valid as long as its stamp (inode, size, modification time) is the file's."""

    stamp: Stamp
    bodies: dict[str, Body]
    weight: int


class FinishedFiles:
    """WSGI application: what is finished from memory, everything else from ``application``."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._pages = Path(settings.PORTAL_ROOT)
        self._sealed = Path(settings.SEALED_ROOT)
        self._secure_only = settings.SECURE_SSL_REDIRECT
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"} or (self._secure_only and not _is_secure(environ)):
            return self._application(environ, start_response)
        path = environ.get("PATH_INFO", "")
        if path in addresses.ANSWERED and environ.get("QUERY_STRING"):
            return self._application(environ, start_response)
        entry = self._entry(path)
        if entry is None:
            return self._application(environ, start_response)
        body = entry.bodies[_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), frozenset(entry.bodies))]
        if _matches(environ.get("HTTP_IF_NONE_MATCH"), body.etag):
            start_response("304 Not Modified", list(body.not_modified))
            return []
        start_response("200 OK", list(body.headers))
        return [body.data] if method == "GET" else []

    def _entry(self, path: str) -> Entry | None:
        """The file behind ``path``, or None when there is none."""
        located = self._locate(path)
        if located is None:
            return None
        file, is_page = located
        try:
            stat = os.stat(file)
        except (OSError, ValueError):
            self._forget(path)
            return None
        entry = self._entries.get(path)
        if entry is not None and entry.stamp == _stamp(stat):
            return entry
        try:
            entry = _load(file, path, is_page)
        except OSError:
            self._forget(path)
            return None
        self._remember(path, entry)
        return entry

    def _locate(self, path: str) -> tuple[str, bool] | None:
        if path.startswith("/media/"):
            match = _SEALED.fullmatch(path)
            return (f"{self._sealed}/{match[1]}/{match[2]}.{match[3]}", False) if match else None
        if not _PAGE.fullmatch(path):
            return None
        return f"{self._pages}{path}{'index.html' if path.endswith('/') else ''}", True

    def _remember(self, path: str, entry: Entry) -> None:
        with self._lock:
            previous = self._entries.pop(path, None)
            self._weight -= previous.weight if previous else 0
            if entry.weight > MAX_ENTRY_BYTES:
                return
            self._entries[path] = entry
            self._weight += entry.weight
            while self._weight > MAX_CACHE_BYTES:
                _path, oldest = self._entries.popitem(last=False)
                self._weight -= oldest.weight

    def _forget(self, path: str) -> None:
        with self._lock:
            previous = self._entries.pop(path, None)
            self._weight -= previous.weight if previous else 0


def content_types() -> dict[str, str]:
    """Suffix → Content-Type of every kind of finished file."""
    return dict(_TYPES)


def _load(file: str, path: str, is_page: bool) -> Entry:
    with open(file, "rb") as opened:
        stat = os.fstat(opened.fileno())
        data = opened.read()
    bodies = {"identity": data}
    suffix = os.path.splitext(file)[1]
    if is_page:
        for encoding, extension in ENCODINGS.items():
            sibling = _sibling(file + extension, stat.st_mtime_ns)
            if sibling is not None:
                bodies[encoding] = sibling
        if suffix == ".html" and "gzip" not in bodies:
            bodies["gzip"] = gzip.compress(data, 6, mtime=0)
    digest = hashlib.sha256(data).hexdigest()[:32]
    media_type = manner(path).media_type or _TYPES[suffix]
    special = [*_keeping(path, is_page), *security_headers(path)]
    made = {
        encoding: _body(body, f'"{digest}-{encoding}"', encoding, media_type, special)
        for encoding, body in bodies.items()
    }
    return Entry(_stamp(stat), made, sum(map(len, bodies.values())) + 2000)


def _keeping(path: str, is_page: bool) -> Headers:
    lifetime = {"Cache-Control": page_cache_control() if is_page else FOREVER}
    return [
        *(lifetime | dict(extra_headers(path))).items(),
        *([("Vary", "Accept-Encoding")] if is_page else []),
    ]


def _body(data: bytes, etag: str, encoding: str, content_type: str, special: Headers) -> Body:
    shared: Headers = [("ETag", etag), *special]
    headers = [("Content-Type", content_type), ("Content-Length", str(len(data))), *shared]
    if encoding != "identity":
        headers.append(("Content-Encoding", encoding))
    return Body(data, etag, headers, shared)


def _sibling(file: str, stamp: int) -> bytes | None:
    try:
        with open(file, "rb") as opened:
            # Another time means another version: a bake is between its files right now.
            return opened.read() if os.fstat(opened.fileno()).st_mtime_ns == stamp else None
    except OSError:
        return None


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=512)
def _encoding(accepted: str, available: frozenset[str]) -> str:
    """The best of ``available`` that the Accept-Encoding value ``accepted`` allows: br, gzip, identity."""
    weights: dict[str, float] = {}
    for part in accepted[:500].lower().split(","):
        name, _semicolon, parameters = part.partition(";")
        quality = 1.0
        if parameters.strip().startswith("q="):
            try:
                quality = float(parameters.strip()[2:])
            except ValueError:
                quality = 0.0
        weights[name.strip()] = quality
    for encoding in ENCODINGS:
        if encoding in available and weights.get(encoding, weights.get("*", 0.0)) > 0:
            return encoding
    return "identity"


def _matches(if_none_match: str | None, etag: str) -> bool:
    if not if_none_match:
        return False
    candidates = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return "*" in candidates or etag in candidates


def _is_secure(environ: dict[str, Any]) -> bool:
    proxy_header = settings.SECURE_PROXY_SSL_HEADER
    if proxy_header:
        name, value = proxy_header
        if name in environ:
            return bool(environ[name].split(",")[0].strip() == value)
    return bool(environ.get("wsgi.url_scheme") == "https")
