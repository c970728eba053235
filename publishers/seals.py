"""Whether a release still is what was signed: its seal, its columns, and the word of the audit trail for both.

A payload's own hash guards its words (connect.intact). This guards that hash, by the manifest, the manifest, by the
seal over all of it, and the seal, by the entry of the audit trail, which carries a MAC nobody can make without
AUDIT_KEYS.
"""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any, Final

from django.utils.translation import gettext as _

from cms.audit import canonical, keys
from cms.audit.models import Entry
from publishers.connect import in_manifest
from publishers.models import Delivery, Release
from scam_warnings.snapshot import canonical_hash

TRUSTED_SECONDS: Final = 10.0
"""A release found well is looked at again after this time, not for each of its channels."""
_MOST: Final = 256
_APPROVING: Final = ("keng.approve", "keng.withdraw")
_PAGE: Final = "scam_warnings.scamwarningpage"
_COLUMNS: Final = (
    "pk",
    "page_id",
    "revision_id",
    "kind",
    "note",
    "number",
    "reference",
    "seal",
    "approved_by_id",
    "sealed_at",
    "declaration",
    "urgent",
)
_trusted: OrderedDict[tuple[Any, ...], tuple[float, Mapping[str, str]]] = OrderedDict()
_lock = threading.Lock()


def record_of(release: Release) -> str:
    """SHA-256 hex over every column of ``release``: what the entry of its approval keeps."""
    return canonical_hash(
        {
            "page": release.page_id,
            "revision": release.revision_id,
            "kind": str(release.kind),
            "note": release.note,
            "number": release.number,
            "reference": release.reference,
            "snapshot": release.snapshot,
            "seal": release.seal,
            "manifest": release.manifest,
            "circumstances": release.circumstances,
            "approved_by": release.approved_by_id,
            "sealed_at": release.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "declaration": release.declaration,
            "urgent": release.urgent,
        }
    )


def is_sealed(delivery: Delivery) -> bool:
    """Whether the release of ``delivery`` is what was signed and names this very payload for this channel.

    Reads the release and what the audit trail says of it at most every TRUSTED_SECONDS.
    """
    payload = delivery.payload
    manifest = _trusted_manifest(payload.release)
    return manifest is not None and in_manifest(payload, manifest)


def problems(release: Release) -> list[str]:
    """What is not as it was signed, in words for a person; empty when all is well.

    Releases that are older than the record of their circumstances have no seal that can be computed again.
    """
    return list(_problems(release))


def _trusted_manifest(release: Release) -> Mapping[str, str] | None:
    key = tuple(getattr(release, name) for name in _COLUMNS)
    now = time.monotonic()
    with _lock:
        known = _trusted.get(key)
    if known is not None and now < known[0]:
        return known[1]
    stored = Release.objects.select_related("revision").get(pk=release.pk)
    if problems(stored):
        return None
    manifest: Mapping[str, str] = stored.manifest
    with _lock:
        _trusted[key] = (now + TRUSTED_SECONDS, manifest)
        _trusted.move_to_end(key)
        while len(_trusted) > _MOST:
            _trusted.popitem(last=False)
    return manifest


def _problems(release: Release) -> Iterator[str]:
    entry = _approval(release)
    if entry is None:
        if release.circumstances is not None:
            yield _("The audit log knows no approval of this release.")
        return
    known = keys.known().get(entry.key)
    if known is None or not canonical.same(canonical.seal(canonical.of_entry(entry), known), entry.seal):
        yield _("The entry of the audit log about the approval was altered, or its key is gone.")
        return
    said = json.loads(entry.details)
    if said.get("record") and said["record"] != record_of(release):
        yield _("The release is not the one that was approved.")
    elif said.get("seal") != release.seal:
        yield _("The seal is not the one that was approved.")
    if release.circumstances is not None and _seal(release) != release.seal:
        yield _("The seal does not fit the content, the channels or the texts.")


def _approval(release: Release) -> Entry | None:
    """The entry about this signature; of an altered release, the one about its reference."""
    rows = Entry.objects.filter(action__in=_APPROVING, object_type=_PAGE)
    of_page = rows.filter(object_id=str(release.page_id)).order_by("id")
    quoted = json.dumps(release.reference)
    return (
        of_page.filter(details__contains=release.seal).first()
        or of_page.filter(details__contains=quoted).first()
        or rows.filter(details__contains=quoted).order_by("id").first()
    )


def _seal(release: Release) -> str:
    """The seal over what the rows say now (sealing.py makes it of a draft)."""
    circumstances: Any = release.circumstances
    try:
        order = [str(item["channel"]) for item in circumstances["payloads"]]
        kept = circumstances["kept"]
    except (KeyError, TypeError):
        return ""
    return canonical_hash(
        {
            "reference": release.reference,
            "kind": str(release.kind),
            "note": release.note,
            "revision": release.revision_id,
            "content": release.revision.content,
            "snapshot": release.snapshot,
            "payloads": [release.manifest.get(channel) for channel in order],
            "kept": kept,
        }
    )
