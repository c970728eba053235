"""The store of sealed files: named by their SHA-256, written once, checked at every reading.

A release seals the media it will send; what is sent later is read from here, so a file that was changed or
lost is noticed instead of published.
"""

import hashlib
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from PIL import Image, UnidentifiedImageError

_SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class SealedFileDamaged(Exception):
    """The file of a digest is missing, or its content is no longer what was sealed."""

    def __init__(self, sha256: str, reason: str) -> None:
        super().__init__(f"sealed file {sha256}: {reason}")
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One sealed image: ``path`` relative to SEALED_ROOT, ``size`` in bytes, the sides in pixels."""

    sha256: str
    path: str
    mime: str
    size: int
    width: int
    height: int


def put(data: bytes, mime: str) -> SealedFile:
    """Seal ``data``; putting the same bytes again changes nothing and repairs a damaged copy.

    Raises ValueError when ``mime`` is not JPEG, PNG or WebP or ``data`` is not such an image; OSError when
    the disk refuses. On return file and folder entry are on the disk, not only in its cache.
    """
    if mime not in _SUFFIXES:
        raise ValueError(f"cannot seal {mime!r}")
    try:
        with Image.open(io.BytesIO(data), formats=(_FORMATS[mime],)) as image:
            width, height = image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValueError(f"not a {mime} image") from error
    digest = hashlib.sha256(data).hexdigest()
    relative = f"{digest[:2]}/{digest}{_SUFFIXES[mime]}"
    target = _root() / relative
    if not _holds(target, digest):
        _write(target, data)
    return SealedFile(digest, relative, mime, len(data), width, height)


def read(sha256: str) -> bytes:
    """The bytes sealed as ``sha256``, hashed again. Raises SealedFileDamaged when missing or altered."""
    path = find(sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SealedFileDamaged(sha256, "unreadable") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SealedFileDamaged(sha256, "altered")
    return data


def find(sha256: str) -> Path:
    """Absolute path of a sealed file; its content is not checked. Raises SealedFileDamaged when missing."""
    if not _DIGEST.fullmatch(sha256):
        raise SealedFileDamaged(sha256[:64], "not a SHA-256")
    for suffix in _SUFFIXES.values():
        path = _root() / sha256[:2] / f"{sha256}{suffix}"
        if path.is_file():
            return path
    raise SealedFileDamaged(sha256, "missing")


def _root() -> Path:
    return Path(settings.SEALED_ROOT)


def _holds(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        return False


def _write(target: Path, data: bytes) -> None:
    folder = target.parent
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o444)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    if new:
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
