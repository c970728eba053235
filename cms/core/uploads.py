"""Uploaded files when no web server stands in front: what a release holds for everybody, the rest for its own people.

Each app says for its folder below MEDIA_ROOT who may read a file there. What nobody answers for is not given out.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join

_INLINE = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
_SEALED: Final = re.compile(r"sealed/[0-9a-f]{2}/([0-9a-f]{64})\.(?:jpg|png|webp)")
STAFF: Final = "wagtailadmin.access_admin"

Rule = Callable[[Any, str], bool]
_rules: dict[str, Rule] = {}
_drafts: list[Callable[[str], Path | None]] = []


def readable(folder: str, rule: Rule) -> None:
    """Files in ``folder`` (with a slash at its end) go to the members of staff for whom ``rule(user, path)`` holds."""
    _rules[folder] = rule


def sealed_drafts(find: Callable[[str], Path | None]) -> None:
    """``find(sha256)`` is the sealed file that no release holds yet, for staff; None when there is none."""
    _drafts[:] = [find]


def serve(request: HttpRequest, path: str) -> FileResponse:
    """The file ``path`` below MEDIA_ROOT. Raises Http404 when it is missing or not for this reader."""
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except (SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    if "\x00" in path:
        raise Http404
    public = file.is_relative_to(settings.SEALED_ROOT)
    found: Path | None = file if file.is_file() else None
    if public and found is None:
        public, found = False, _draft(request, path)
    elif not public and not _may_read(request, file):
        found = None
    if found is None:
        raise Http404
    kind = _INLINE.get(found.suffix.lower())
    response = FileResponse(
        found.open("rb"), as_attachment=kind is None, content_type=kind or "application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=31536000, immutable" if public else "private, max-age=300"
    return response


def _user(request: HttpRequest) -> Any:
    return getattr(request, "user", AnonymousUser())


def _may_read(request: HttpRequest, file: Path) -> bool:
    user = _user(request)
    if not user.has_perm(STAFF):
        return False
    name = file.relative_to(settings.MEDIA_ROOT).as_posix()
    return any(rule(user, name) for folder, rule in _rules.items() if name.startswith(folder))


def _draft(request: HttpRequest, path: str) -> Path | None:
    match = _SEALED.fullmatch(path)
    if match is None or not _user(request).has_perm(STAFF):
        return None
    return next((file for file in (find(match[1]) for find in _drafts) if file is not None), None)
