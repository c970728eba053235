"""What a stranger posted, made harmless: bounded, in one normal form, never an error of ours."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from cms.core.text import nfc

MOST_BYTES: Final = 26 * 1024 * 1024
"""Of one form with its pictures; nginx has the same limit (deploy/nginx/keng/portal.conf)."""
ECHOED: Final = 50_000
"""Characters of one field that are given back on an error: more than anybody types."""
_MOST_VALUES: Final = 200
# An unknown charset, half a body, a broken multipart boundary, too many fields: each has an exception of its own.
_BROKEN: Final = (BadRequest, SuspiciousOperation, MultiPartParserError, LookupError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields as texts, the files as they came."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[UploadedFile]] = field(default_factory=dict)
    is_whole: bool = True
    """False when it was too large or broken: then there is nothing in it."""

    def one(self, name: str) -> str:
        """The last value of a field, or an empty text."""
        values = self.fields.get(name)
        return values[-1] if values else ""

    def many(self, name: str) -> list[str]:
        """Every value of a field."""
        return self.fields.get(name, [])


def read(request: HttpRequest) -> Posted:
    """What ``request`` carries. Never raises, whatever the body is."""
    if _length(request) > MOST_BYTES:
        return Posted(is_whole=False)
    try:
        fields = {_clean(name): [_clean(text) for text in texts] for name, texts in _lists(request.POST)}
        files = {_clean(name): list(found)[:_MOST_VALUES] for name, found in _lists(request.FILES)}
    except _BROKEN:
        return Posted(is_whole=False)
    return Posted(fields, files)


def _lists(values: Any) -> list[tuple[str, list[Any]]]:
    return [(name, found[:_MOST_VALUES]) for name, found in values.lists()]


def _clean(text: str) -> str:
    """NFC, without control characters and lone surrogates, at most ECHOED characters."""
    storable = text[:ECHOED].encode("utf-8", "replace").decode("utf-8")
    return nfc(storable)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
