"""The contract of a place outside this machine that holds a copy of the public files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms.portal.baking.turns import BakeError

MARKER: Final = ".keng-portal"
"""Stands in a place that is ours: what is not ours is never emptied."""


class StoreError(BakeError):
    """The place outside could not be reached, or refused. Nothing of what it held before is damaged."""


class ForeignPlace(StoreError):
    """The place holds files of somebody else."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file as it goes out."""

    data: bytes
    content_type: str
    cache_control: str
    encoding: str = ""


class Store(Protocol):
    """A place for files, named by their path without the leading slash. Every verb may raise StoreError.

    Whichever verb comes first marks an empty place as ours, and raises ForeignPlace where somebody else's files are.
    """

    def put(self, name: str, item: Item) -> None:
        """Write a file, whole or not at all."""

    def remove(self, name: str) -> None:
        """Take a file away; one that is not there is no error."""

    def digests(self) -> Iterator[tuple[str, str]]:
        """(name, MD5 in hexadecimal) of every file."""


def configured(target: str) -> Store:
    """The store that ``target`` names: a folder (``/srv/portal``) or ``s3://bucket/prefix``.

    Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(target)
    if parts.scheme == "s3" and parts.netloc:
        from cms.portal.baking.outside.s3 import S3Store

        return S3Store(parts.netloc, parts.path.strip("/"))
    if not parts.scheme and target.startswith("/"):
        from cms.portal.baking.outside.directory import DirectoryStore

        return DirectoryStore(target)
    raise ImproperlyConfigured(
        f"PORTAL_STORE is a folder (/srv/portal) or s3://bucket/prefix, not {target!r}."
    )
