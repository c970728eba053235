"""Where the chain ended, kept in a file outside the database: who cuts its tail off cannot cut this."""

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cms.audit.models import Link

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link this machine has seen."""

    sequence: int
    hash: str


class HeadUnreadable(Exception):
    """The file is there and says nothing: damaged, or written by somebody else."""


def read() -> Head | None:
    """What the file says; None where there is none yet. Raises HeadUnreadable, or OSError."""
    try:
        text = _file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        found = json.loads(text)
        return Head(int(found["sequence"]), str(found["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise HeadUnreadable from error


def advance(link: Link, *, before: Link | None) -> None:
    """Move the file on to ``link``; ``before`` is the link that stood last until now.

    Only if the chain still holds what the file says: a chain that lost its tail goes on growing, and the file
    goes on showing what was lost. A file that cannot be written only logs: the act it belongs to is done.
    """
    try:
        with _held():
            try:
                known = read()
            except HeadUnreadable:
                logger.error("The head of the audit chain is unreadable; run: manage.py audit verify")  # noqa: TRY400
                return
            if known is not None and not _follows(known, link, before):
                return
            _write(Head(link.sequence, link.hash))
    except OSError as error:
        logger.warning("The head of the audit chain could not be kept: %s", type(error).__name__)


def put(found: Head | None) -> None:
    """Set the file, whatever it said: only after a person accepted a loss. Raises OSError."""
    with _held():
        if found is None:
            _file().unlink(missing_ok=True)
        else:
            _write(found)


def _follows(known: Head, link: Link, before: Link | None) -> bool:
    if known.sequence > link.sequence:
        # Another process linked more and came here first; unless the chain lost what the file knows.
        return False
    if before is not None and known.sequence == before.sequence:
        fits = known.hash == before.hash
    else:
        stored = Link.objects.filter(sequence=known.sequence).values_list("hash", flat=True).first()
        fits = stored == known.hash
    if not fits:
        logger.error("The audit chain lost links that were there; run: manage.py audit verify")
    return fits


def _file() -> Path:
    return Path(settings.AUDIT_HEAD)


@contextmanager
def _held() -> Iterator[None]:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f"{file.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(found: Head) -> None:
    file = _file()
    fresh = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(
            json.dumps({"sequence": found.sequence, "hash": found.hash}) + "\n", encoding="utf-8"
        )
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
