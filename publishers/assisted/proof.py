"""Screenshots that prove a post: kept apart from what is public, seen by staff only."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

from media import uploads
from media.renderers.fit import fit_image

MAX_BYTES = 10 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIT = {"max_bytes": 400_000, "max_width": 1600, "max_height": 1600}


def keep(data: bytes) -> str:
    """Store a screenshot, decoded and encoded anew; its SHA-256. Raises ValidationError for what is no picture."""
    if len(data) > MAX_BYTES:
        raise uploads.refusal("too_large")
    clean = uploads.clean(data)
    try:
        picture = fit_image(clean.data, **_FIT)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    digest = hashlib.sha256(picture).hexdigest()
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(picture)
    Path(name).replace(target)
    return digest


def path_of(digest: str) -> Path:
    """Where the screenshot of this digest is. Raises ValueError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a digest")
    return Path(settings.VAR_DIR) / "proofs" / digest[:2] / f"{digest}.jpg"
