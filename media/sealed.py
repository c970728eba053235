"""The store of sealed files: named by their SHA-256, written once, checked at every reading.

A release seals the media it will send; what is sent later is read from here, so a file that was changed or
lost is noticed instead of published. A file that no release holds lies beside the folder the web server shows.
"""

import hashlib
import io
import math
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

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
    """One sealed image: ``path`` within its folder, ``size`` in bytes, the sides in pixels."""

    sha256: str
    path: str
    mime: str
    size: int
    width: int
    height: int


def put(data: bytes, mime: str) -> SealedFile:
    """Seal ``data``; putting the same bytes again changes nothing and repairs a damaged copy.

    Nobody outside sees it before ``release``.
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
    public = _root() / relative
    target = public if public.exists() else _drafts() / relative
    if not (_holds(target, digest) and _marked(target)):
        _write(target, data)
    return SealedFile(digest, relative, mime, len(data), width, height)


def release(sha256: str) -> None:
    """Make a sealed file public: a release holds it. Raises SealedFileDamaged when missing, OSError from the disk."""
    path = find(sha256)
    if path.is_relative_to(_root()):
        return
    target = _root() / path.relative_to(_drafts())
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        _sync_folder(target.parent.parent)
    try:
        target.hardlink_to(path)
    except FileExistsError:
        return
    except OSError:
        # Another file system, or one without links.
        _write(target, path.read_bytes())
    _sync_folder(target.parent)


def named_in(*values: Any) -> set[str]:
    """The digests of every sealed file named anywhere in ``values`` (JSON)."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, dict):
            digest = value.get("sha256")
            found |= {digest} if isinstance(digest, str) and digest else set()
            found |= named_in(*value.values())
        elif isinstance(value, (list, tuple)):
            found |= named_in(*value)
    return found


def draft(sha256: str) -> Path:
    """Absolute path of a sealed file that no release holds yet. Raises SealedFileDamaged when there is none."""
    path = find(sha256)
    if path.is_relative_to(_root()):
        raise SealedFileDamaged(sha256, "released")
    return path


def use(sha256: str) -> None:
    """Say that a sealed file is needed: ``hidden`` counts its age from now. Raises SealedFileDamaged when missing."""
    if not _marked(find(sha256)):
        raise SealedFileDamaged(sha256, "missing")


def hidden(*, before: float) -> list[Path]:
    """Absolute paths of the files no release shows that nobody needed since ``before`` (unix seconds), by name."""
    found = (path for path in sorted(_drafts().glob("??/*")) if path.suffix in _SUFFIXES.values())
    return [path for path in found if _needed_at(path) < before]


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
    for root in (_root(), _drafts()):
        for suffix in _SUFFIXES.values():
            path = root / sha256[:2] / f"{sha256}{suffix}"
            if path.is_file():
                return path
    raise SealedFileDamaged(sha256, "missing")


def _root() -> Path:
    return Path(settings.SEALED_ROOT)


def _drafts() -> Path:
    # Beside it, on the same disk: releasing is one more name for the file.
    root = _root()
    return root.with_name(f"{root.name}-drafts")


def _marked(path: Path) -> bool:
    """Note that the file is needed now; False when it is gone."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except PermissionError:
        # Somebody else copied it back from a backup: then its age counts from there.
        return True
    return True


def _needed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        # Gone in the meantime.
        return math.inf


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
