"""«Hồ sơ đã ký»: everything a signature covers, in one file that deploy/verify_release.py checks by itself."""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cms.audit import canonical, keys
from cms.audit.models import Entry
from media import sealed
from publishers.models import Payload, Release
from publishers.sealing import DraftRelease

FORMAT: Final = "keng-release-1"
_APPROVING: Final = ("keng.approve", "keng.withdraw")
# The same bytes for the same record, whenever it is made.
_TIME: Final = (2000, 1, 1, 0, 0, 0)


def circumstances(draft: DraftRelease) -> dict[str, Any]:
    """What the hashes of ``draft`` cover and its rows do not keep."""
    return {
        "kept": [channel.pk for channel in draft.kept],
        "payloads": [
            {
                "channel": item.channel.pk,
                "name": item.channel.name,
                "kind": item.channel.kind,
                "destination": item.channel.remote_id,
                "options": item.channel.options,
                "does": [item.operation, item.event, item.follows.pk if item.follows else None],
            }
            for item in draft.payloads
        ],
    }


def as_file(release: Release) -> bytes:
    """A ZIP: ``ho-so.json`` and the sealed pictures by their SHA-256. A picture that is gone is left out."""
    content = json.dumps(signed(release), ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("ho-so.json", _TIME), content, zipfile.ZIP_DEFLATED)
        for digest in sorted(_pictures(release)):
            try:
                picture = sealed.read(digest)
            except sealed.SealedFileDamaged:
                continue
            archive.writestr(zipfile.ZipInfo(f"hinh/{digest}", _TIME), picture)
    return out.getvalue()


def signed(release: Release) -> dict[str, Any]:
    """The record with the signature of this installation over all of it."""
    record = _record(release)
    name, key = keys.newest()
    mac = hmac.new(
        key.encode(), f"{FORMAT}\n{canonical.as_json(record)}".encode(), hashlib.sha256
    ).hexdigest()
    return {**record, "signature": {"key": name, "mac": mac}}


def _record(release: Release) -> dict[str, Any]:
    approver = release.approved_by
    return {
        "format": FORMAT,
        "release": {
            "reference": release.reference,
            "number": release.number,
            "kind": release.kind,
            "note": release.note,
            "page": release.page_id,
            "revision": release.revision_id,
            "seal": release.seal,
            "sealed_at": release.sealed_at.isoformat(),
            "declaration": release.declaration,
            "urgent": release.urgent,
            "manifest": release.manifest,
            "signer": {
                "login": approver.get_username(),
                "name": approver.get_full_name(),
                "position": getattr(approver, "position", ""),
                "unit": str(getattr(approver, "unit", None) or ""),
                **_on_behalf(release),
            },
        },
        "content": release.revision.content,
        "snapshot": release.snapshot,
        "kept": (release.circumstances or {}).get("kept"),
        "payloads": list(_payloads(release)),
        "approval": _approval(release),
    }


def _on_behalf(release: Release) -> dict[str, Any]:
    """Whose right was exercised, where it was delegated; absent for everybody who signed by their own."""
    told = (release.circumstances or {}).get("on_behalf_of")
    return {"on_behalf_of": told} if told else {}


def _payloads(release: Release) -> Iterator[dict[str, Any]]:
    """In the order of the seal."""
    rows = {
        row.channel_id: row for row in release.payloads.select_related("channel", "delivery").order_by("pk")
    }
    told = {item["channel"]: item for item in (release.circumstances or {}).get("payloads", [])}
    order = [*(pk for pk in told if pk in rows), *(pk for pk in rows if pk not in told)]
    for pk in order:
        yield _payload(rows[pk], release, told.get(pk))


def _payload(row: Payload, release: Release, told: Mapping[str, Any] | None) -> dict[str, Any]:
    if told is None:
        channel, delivery = row.channel, getattr(row, "delivery", None)
        told = {
            "channel": channel.pk,
            "name": channel.name,
            "kind": channel.kind,
            "destination": channel.remote_id,
            "options": channel.options,
            "does": [row.operation, release.kind, delivery.follows_id if delivery else None],
        }
    return {
        **told,
        "title": row.title,
        "text": row.text,
        "link": row.link,
        "images": row.images,
        "data": row.data,
        "hash": row.hash,
    }


def _approval(release: Release) -> dict[str, Any] | None:
    """The entry of the audit trail that tells of this signature, with its place in the chain."""
    rows = Entry.objects.filter(
        action__in=_APPROVING,
        object_type="scam_warnings.scamwarningpage",
        object_id=str(release.page_id),
        details__contains=release.seal,
    )
    entry = rows.select_related("link").order_by("id").first()
    if entry is None:
        return None
    link = getattr(entry, "link", None)
    names = ("sequence", "entry_id", "content", "previous", "hash", "key", "mac")
    return {
        "entry": canonical.of_entry(entry),
        "link": {name: getattr(link, name) for name in names} if link is not None else None,
    }


def _pictures(release: Release) -> set[str]:
    return sealed.named_in(*release.payloads.values_list("images", flat=True))
