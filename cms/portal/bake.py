"""Finished files of the public pages: rendered once per change, written whole or not at all.

A web server can serve them with Django, database and queue stopped. Every page is a file with .gz and .br
beside it; the three carry the same modification time, so a reader can tell a pair that belongs together.
"""

import fcntl
import gzip
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

import brotli

from cms.portal import addresses, inprocess, reading, views
from cms.portal.models import PublishedWarning

logger = logging.getLogger(__name__)

ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
LISTS_AT_ONCE: Final = 20
"""List pages renewed with a publication; deeper ones are left to Django until the next full bake."""
NEIGHBOURS_AT_ONCE: Final = 30
"""Warnings of the same group renewed with a publication, because they may name it as related."""
_COMPRESSED: Final = (".html", ".xml", ".txt")
FEEDS: Final = (addresses.RSS, addresses.ATOM)
_FIXED: Final = (addresses.HOME, addresses.LIST, addresses.TYPES, addresses.SITEMAP)
_STATIC: Final = (addresses.ROBOTS, addresses.FAVICON, addresses.NOT_FOUND, *FEEDS)
_LOCK: Final = ".lock"
_PART: Final = ".part-"
_LOCK_POLL: Final = 0.005


PathOf = Callable[[int], str]


class BakeError(Exception):
    """A page could not be rendered; the file that was there stays."""


class FolderBusy(BakeError):
    """Another process is renewing pages and does not come to an end."""


@dataclass(slots=True)
class Report:
    """What a bake did, as paths."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def bake_for(warning: PublishedWarning) -> Report:
    """Renew the page of ``warning``, home and every list it stands on.

    Raises BakeError, or OSError when the disk refuses. The pages that name it as related are not waited for:
    ``bake_neighbours``.
    """
    with _alone() as root:
        report = Report()
        for path in [warning.path, *_FIXED]:
            _renew(root, path, report)
        _renew_lists(root, warning.scam_type_key, report)
        for path in _STATIC:
            if not file_for(path, root).exists():
                _renew(root, path, report)
        return report


def bake_feeds() -> Report:
    """Renew the feeds. Raises as ``bake_for`` does."""
    with _alone() as root:
        report = Report()
        for path in FEEDS:
            _renew(root, path, report)
        return report


def bake_neighbours(warning: PublishedWarning) -> Report:
    """Renew the pages that may name ``warning`` as related. Raises as ``bake_for`` does."""
    with _alone() as root:
        report = Report()
        neighbours = reading.related_to(warning.scam_type_key, warning.group_key).exclude(pk=warning.pk)
        for slug in neighbours.values_list("slug", flat=True)[:NEIGHBOURS_AT_ONCE]:
            _renew(root, addresses.warning(slug), report)
        return report


def bake_everything() -> Report:
    """Renew every page, and remove every file that no page stands for. Raises as ``bake_for`` does."""
    with _alone() as root:
        report = Report()
        for path in (*_FIXED, *_STATIC):
            _renew(root, path, report)
        slugs = PublishedWarning.objects.values_list("slug", flat=True)
        types = sorted(set(PublishedWarning.objects.order_by().values_list("scam_type_key", flat=True)))
        for slug in slugs:
            _renew(root, addresses.warning(slug), report)
        _renew_run(root, addresses.list_page, max(_pages(reading.listed().count()), 1), report)
        for key in types:
            count = reading.listed().filter(scam_type_key=key).count()
            _renew_run(root, partial(addresses.scam_type, key), _pages(count), report)
        _remove_strangers(root, {*report.written, *report.unchanged}, report)
        return report


def is_current(path: str) -> bool:
    """True when the finished file of ``path`` is what Django would answer now."""
    try:
        return file_for(path).read_bytes() == rendered(path)
    except OSError:
        return False


def rendered(path: str) -> bytes | None:
    """What Django would answer for ``path`` now; None when it is no page or cannot be drawn."""
    try:
        return _render(path)
    except BakeError:
        return None


def file_for(path: str, root: Path | None = None) -> Path:
    """Where the finished file of ``path`` is, whether it exists or not."""
    relative = f"{path}index.html" if path.endswith("/") else path
    return (root or Path(settings.PORTAL_ROOT)) / relative.lstrip("/")


def _renew_lists(root: Path, type_key: str, report: Report) -> None:
    total = reading.listed().count()
    of_type = reading.listed().filter(scam_type_key=type_key).count()
    _renew_run(root, addresses.list_page, max(_pages(total), 1), report, most=LISTS_AT_ONCE)
    _renew_run(
        root,
        partial(addresses.scam_type, type_key),
        _pages(of_type),
        report,
        most=LISTS_AT_ONCE,
    )


def _renew_run(root: Path, path_of: PathOf, pages: int, report: Report, most: int | None = None) -> None:
    renewed = pages if most is None else min(pages, most)
    for number in range(1, renewed + 1):
        _renew(root, path_of(number), report)
    number = renewed + 1
    while _remove(root, path_of(number), report):
        number += 1


def _pages(count: int) -> int:
    return -(-count // views.PER_PAGE)


def _renew(root: Path, path: str, report: Report) -> None:
    if path in report.written or path in report.unchanged:
        return
    body = _render(path)
    if body is None:
        _remove(root, path, report)
    elif _write(file_for(path, root), body):
        report.written.append(path)
    else:
        report.unchanged.append(path)


def _render(path: str) -> bytes | None:
    if path == addresses.NOT_FOUND:
        return bytes(views.not_found(WSGIRequest(inprocess.request_environ(path))).content)
    answer = inprocess.get(path)
    if answer.status in {404, 410}:
        return None
    if answer.status != 200:
        raise BakeError(f"{path} answered {answer.status} (is the host of PUBLIC_URL among ALLOWED_HOSTS?)")
    return answer.body


def _write(target: Path, body: bytes) -> bool:
    variants = [target.with_name(target.name + suffix) for suffix in ENCODINGS.values()]
    compressed = target.suffix in _COMPRESSED
    if _is_same(target, variants if compressed else [], body):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    stamp = time.time_ns()
    if compressed:
        _replace(target.with_name(target.name + ".br"), brotli.compress(body, quality=9), stamp)
        _replace(target.with_name(target.name + ".gz"), gzip.compress(body, 9, mtime=0), stamp)
    # Last: a reader takes the plain file for the truth and ignores siblings of another time.
    _replace(target, body, stamp)
    return True


def _is_same(target: Path, variants: Iterable[Path], body: bytes) -> bool:
    try:
        stamp = target.stat().st_mtime_ns
        return target.read_bytes() == body and all(path.stat().st_mtime_ns == stamp for path in variants)
    except OSError:
        return False


def _replace(target: Path, data: bytes, stamp: int) -> None:
    handle, name = tempfile.mkstemp(prefix=_PART, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.utime(file.fileno(), ns=(stamp, stamp))
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _remove(root: Path, path: str, report: Report) -> bool:
    target = file_for(path, root)
    existed = target.exists()
    # The plain file first: without it no reader looks at the others.
    for file in (target, *(target.with_name(target.name + suffix) for suffix in ENCODINGS.values())):
        file.unlink(missing_ok=True)
    if existed:
        report.removed.append(path)
    return existed


def _remove_strangers(root: Path, paths: Iterable[str], report: Report) -> None:
    expected = {root / _LOCK}
    for path in paths:
        target = file_for(path, root)
        expected |= {target, *(target.with_name(target.name + suffix) for suffix in ENCODINGS.values())}
    for folder, _folders, names in os.walk(root, topdown=False):
        for name in names:
            file = Path(folder, name)
            if file not in expected:
                file.unlink()
                report.removed.append(f"/{file.relative_to(root)}")
        if Path(folder) != root and not any(Path(folder).iterdir()):
            Path(folder).rmdir()


def _hold(lock: IO[bytes]) -> None:
    end = time.monotonic() + settings.PORTAL_LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise FolderBusy("another process holds the portal's folder") from None
            time.sleep(_LOCK_POLL)
        else:
            return


@contextmanager
def _alone() -> Iterator[Path]:
    """The portal's folder, held by one bake at a time over all processes: the last to render knows all.

    Raises FolderBusy when another one holds it too long: that process may be stopped, and whoever waits for
    it would wait as long.
    """
    root = Path(settings.PORTAL_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("ab") as lock:
        _hold(lock)
        try:
            yield root
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)
