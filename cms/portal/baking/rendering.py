"""One page: asked from Django in process, and its file brought to what Django says."""

from pathlib import Path

from django.core.handlers.wsgi import WSGIRequest

from cms.portal import addresses, inprocess, views
from cms.portal.baking import files
from cms.portal.baking.outside import marks
from cms.portal.baking.report import Report
from cms.portal.baking.turns import BakeError


def render(path: str) -> bytes | None:
    """What Django answers for ``path``; None when there is no such page. Raises BakeError for any other answer."""
    if path == addresses.NOT_FOUND:
        return bytes(views.not_found(WSGIRequest(inprocess.request_environ(path))).content)
    answer = inprocess.get(path)
    if answer.status in {404, 410}:
        return None
    if answer.status != 200:
        raise BakeError(f"{path} answered {answer.status} (is the host of PUBLIC_URL among ALLOWED_HOSTS?)")
    return answer.body


def renew(root: Path, path: str, report: Report) -> None:
    """Write, leave or take away the file of ``path``, and note which. Only for whoever holds the folder.

    Raises BakeError, or OSError when the disk refuses.
    """
    if not report.first_time(path):
        return
    target = files.file_for(path, root)
    body = render(path)
    if body is None:
        remove(root, path, report)
    elif files.is_same(target, body):
        report.unchanged.append(path)
    else:
        # Before the change: killed right after it, what is outside must still follow.
        marks.add(path)
        files.write(target, body)
        report.written.append(path)


def remove(root: Path, path: str, report: Report) -> bool:
    """Take the file of ``path`` away; True when it was there. Only for whoever holds the folder."""
    target = files.file_for(path, root)
    if target.exists():
        marks.add(path)
    existed = files.remove(target)
    if existed:
        report.removed.append(path)
    return existed
