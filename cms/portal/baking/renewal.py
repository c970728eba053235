"""The renewal of everything: page by page, letting publications in between; killed, it goes on where it was."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from cms.portal.baking import files, journal, paths, rendering, turns
from cms.portal.baking.report import Report

Progress = Callable[[int, int], None]
"""Told how many pages are done, and how many there are."""


def everything(progress: Progress | None = None) -> Report:
    """Renew every page, and take away every file that no page stands for. Raises BakeError or OSError."""
    report = Report()
    with journal.kept() as run:
        wanted = list(dict.fromkeys(paths.every()))
        for number, path in enumerate(wanted, 1):
            # Somebody may have emptied the folder since.
            if path in run.done and files.file_for(path).exists():
                report.kept.append(path)
            else:
                with turns.in_between() as root:
                    rendering.renew(root, path, report)
                run.note(path)
            if progress is not None:
                progress(number, len(wanted))
        _remove_strangers(frozenset(wanted), report)
    return report


def _remove_strangers(wanted: frozenset[str], report: Report) -> None:
    root = Path(settings.PORTAL_ROOT)
    if not _strangers(root, wanted):
        return
    with turns.at_once():
        # Asked again: a warning that came out meanwhile is no stranger.
        for file in _strangers(root, frozenset(paths.every())):
            path = files.path_of(str(file.relative_to(root)))
            if not rendering.remove(root, path, report):
                file.unlink(missing_ok=True)
        for folder, _folders, _names in os.walk(root, topdown=False):
            if Path(folder) != root and not any(os.scandir(folder)):
                Path(folder).rmdir()


def _strangers(root: Path, wanted: frozenset[str]) -> list[Path]:
    expected = {str(root / name) for name in (turns.LOCK, turns.WAITING)}
    for path in wanted:
        target = files.file_for(path, root)
        expected.add(str(target))
        if files.is_compressed(target):
            expected.update(map(str, files.siblings(target)))
    return [
        Path(folder, name)
        for folder, _folders, names in os.walk(root)
        for name in names
        if f"{folder}/{name}" not in expected
    ]
