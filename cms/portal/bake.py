"""Finished files of the public pages: rendered once per change, written whole or not at all.

A web server can serve them with Django, database and queue stopped. Every page is a file with .gz and .br
beside it; the three carry the same modification time, so a reader can tell a pair that belongs together.
Where a store outside is configured, a change counts as made when it stands there as well.
"""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from cms.core import waking
from cms.portal.baking import files, rendering, turns
from cms.portal.baking.files import ENCODINGS, file_for
from cms.portal.baking.outside import carrying, marks
from cms.portal.baking.outside.stores import StoreError
from cms.portal.baking.paths import FEEDS, at_once, later
from cms.portal.baking.renewal import Progress, everything
from cms.portal.baking.report import Report
from cms.portal.baking.turns import BakeError, FolderBusy
from cms.portal.models import PublishedWarning

__all__ = [
    "ENCODINGS", "FEEDS", "BakeError", "FolderBusy", "Progress", "Report", "StoreError", "bake_everything",
    "bake_feeds", "bake_for", "bake_neighbours", "bake_paths", "file_for", "is_current", "rendered",
]  # fmt: skip


def bake_for(warning: PublishedWarning) -> Report:
    """Renew the page of ``warning``, home and the lists it stands on.

    Raises BakeError, or OSError when the disk refuses. The pages that name it as related are not waited for:
    ``bake_neighbours``.
    """
    report = Report()
    with turns.at_once() as root:
        for path in at_once(warning, root):
            rendering.renew(root, path, report)
    return _told(report)


def bake_feeds(more: Iterable[str] = ()) -> Report:
    """Renew the feeds, and ``more`` of them. Raises as ``bake_for`` does."""
    return bake_paths((*FEEDS, *more))


def bake_paths(paths: Iterable[str]) -> Report:
    """Renew these pages, and no others. Raises as ``bake_for`` does."""
    report = Report()
    with turns.at_once() as root:
        for path in paths:
            rendering.renew(root, path, report)
    return _told(report)


def bake_neighbours(warning: PublishedWarning) -> Report:
    """Renew the pages that name ``warning`` or might now, and what may follow later. Raises as ``bake_for``."""
    report = Report()
    for path in list(later(warning, Path(settings.PORTAL_ROOT))):
        with turns.in_between() as root:
            rendering.renew(root, path, report)
    return _told(report)


def bake_everything(progress: Progress | None = None) -> Report:
    """Renew every page, and remove every file that no page stands for. Raises as ``bake_for`` does."""
    report = everything(progress)
    carrying.carry_waiting()
    return _told(report)


def is_current(path: str) -> bool:
    """True when the public reads at ``path`` what Django would answer now."""
    body = rendered(path)
    return body is not None and files.is_same(file_for(path), body) and carrying.is_outside(path)


def rendered(path: str) -> bytes | None:
    """What Django would answer for ``path`` now; None when it is no page or cannot be drawn."""
    try:
        return rendering.render(path)
    except BakeError:
        return None


def _told(report: Report) -> Report:
    """``report``, once the world outside has been told of it."""
    try:
        # Of what stands unchanged as well: an earlier try may have come no further than the folder.
        carrying.carry(report.touched())
    finally:
        if marks.waiting(marks.STORE) or marks.waiting(marks.PURGE):
            from cms.portal import tasks

            waking.after_commit(tasks.tell_outside, otherwise="who is outside is told within the hour")
    return report
