"""Bringing what changed to the store outside: the pages, and the pictures and styles they show."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from cms.portal.baking import files, state, turns
from cms.portal.baking.outside import marks
from cms.portal.baking.outside.stores import Item, Store, configured
from cms.portal.finished import content_types
from cms.portal.headers import FOREVER, page_cache_control

STATIC_FOLDERS: Final = ("portal", "media/fonts")
"""Below STATIC_ROOT: what public pages load; the admin's own files stay inside."""
_SHOWN: Final = re.compile(
    rb"/(media/sealed/[0-9a-f]{2}/[0-9a-f]{64}\.(?:jpg|png|webp)|static/(?:portal|media/fonts)/[\w./-]+)"
)
_UNCHANGING: Final = re.compile(r"^media/sealed/|\.[0-9a-f]{12}\.[a-z0-9.]+$")
_MOST_KNOWN: Final = 10_000
_known: set[tuple[str, str]] = set()
"""Store and name of pictures and styles this process has brought there; their content never changes."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Carried:
    """How many files a comparison of everything sent, found in order, and took away."""

    sent: int = 0
    same: int = 0
    removed: int = 0


def carry(paths: Iterable[str]) -> None:
    """Bring ``paths`` to the configured store where they changed. Raises StoreError; it is tried again later."""
    if settings.PORTAL_STORE and marks.waiting(marks.STORE, paths := list(paths)):
        store = configured(settings.PORTAL_STORE)
        with turns.at_once(state.folder()):
            for path, notes in marks.waiting(marks.STORE, paths).items():
                _bring(store, path)
                marks.done(notes)


def carry_waiting() -> None:
    """Bring every change that is still noted. Raises StoreError."""
    if settings.PORTAL_STORE and (waiting := marks.waiting(marks.STORE)):
        store = configured(settings.PORTAL_STORE)
        for path, notes in waiting.items():
            with turns.in_between(state.folder()):
                _bring(store, path)
            marks.done(notes)


def is_outside(path: str) -> bool:
    """Whether the store, where there is one, has ``path`` as it is now."""
    return not marks.waiting(marks.STORE, [path])


def compare(store: Store, progress: Progress | None = None) -> Carried:
    """Make the pages of ``store`` those of the folder, and send what they show. Raises StoreError.

    Killed and begun again it sends only what is still missing. Pictures and styles are never taken away: a page
    somebody has open may still ask for them.
    """
    report = Carried()
    noted = [note for notes in marks.waiting(marks.STORE).values() for note in notes]
    there = dict(store.digests())
    pages = _pages()
    wanted = _with_assets(pages)
    for number, (name, file) in enumerate(wanted.items(), 1):
        # Read anew, and alone: a publication may have changed it since.
        with turns.in_between(state.folder()):
            item = _item(name, file)
            if item is None or hashlib.md5(item.data, usedforsecurity=False).hexdigest() == there.get(name):
                report.same += item is not None
            else:
                store.put(name, item)
                report.sent += 1
        if progress is not None:
            progress(number, len(wanted))
    for name in sorted(set(there) - set(wanted)):
        if not name.startswith(("media/", "static/")):
            with turns.in_between(state.folder()):
                if not (Path(settings.PORTAL_ROOT) / name).exists():
                    store.remove(name)
                    report.removed += 1
    marks.done(noted)
    return report


def _bring(store: Store, path: str) -> None:
    target = files.file_for(path)
    name = str(target.relative_to(settings.PORTAL_ROOT))
    page = _item(name, target)
    if page is None:
        for gone in (name, *(name + suffix for suffix in files.ENCODINGS.values())):
            store.remove(gone)
        return
    for shown in sorted(_shown(page.data)):
        asset = _item(shown, _asset(shown))
        if asset is not None and (settings.PORTAL_STORE, shown) not in _known:
            store.put(shown, asset)
            if len(_known) > _MOST_KNOWN:
                _known.clear()
            _known.add((settings.PORTAL_STORE, shown))
    for file in files.siblings(target):
        sibling = _item(file.name, file)
        if sibling is not None:
            store.put(f"{name}{file.suffix}", sibling)
    store.put(name, page)


def _item(name: str, file: Path) -> Item | None:
    """The file as it goes out; None when it is gone."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    plain, suffix = os.path.splitext(name)
    encoding = next((known for known, ending in files.ENCODINGS.items() if ending == suffix), "")
    return Item(
        data,
        _content_type(plain if encoding else name),
        FOREVER if _UNCHANGING.search(name) else page_cache_control(),
        encoding,
    )


def _content_type(name: str) -> str:
    known = content_types() | {".css": "text/css; charset=utf-8", ".woff2": "font/woff2"}
    return known.get(os.path.splitext(name)[1], "application/octet-stream")


def _pages() -> dict[str, Path]:
    root = Path(settings.PORTAL_ROOT)
    found = {}
    for path in files.standing(root):
        target = files.file_for(path)
        # The page last: whoever reads it finds its pictures, and no older sibling.
        for file in (*files.siblings(target), target):
            if file.exists():
                found[str(file.relative_to(root))] = file
    return found


def _with_assets(pages: dict[str, Path]) -> dict[str, Path]:
    wanted: dict[str, Path] = {}
    for folder in STATIC_FOLDERS:
        for where, _folders, names in os.walk(Path(settings.STATIC_ROOT) / folder):
            for name in names:
                file = Path(where, name)
                wanted[f"static/{file.relative_to(settings.STATIC_ROOT)}"] = file
    for file in pages.values():
        if file.suffix not in files.ENCODINGS.values():
            try:
                wanted |= {shown: _asset(shown) for shown in _shown(file.read_bytes())}
            except OSError:
                continue
    return wanted | pages


def _shown(body: bytes) -> set[str]:
    return {match.decode("ascii") for match in _SHOWN.findall(body)}


def _asset(name: str) -> Path:
    if name.startswith("static/"):
        return Path(settings.STATIC_ROOT) / name.removeprefix("static/")
    return Path(settings.SEALED_ROOT) / name.removeprefix("media/sealed/")
