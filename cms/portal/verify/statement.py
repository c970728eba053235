"""What the agency says of one of its warnings today, signed: anybody can check it without us.

The sealed record (publishers/sealed_record.py) proves to an inspector who approved what, with a secret key
and with data that is not public. This is its public side: no names, a key everybody has, the same seal.
"""

import base64
import json
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from cms.portal import addresses, reading
from cms.portal.models import PublishedWarning
from cms.portal.verify import keys

FORMAT: Final = "keng-warning-1"


def signed(warning: PublishedWarning) -> dict[str, Any]:
    """The statement about ``warning``. The same bytes as long as nothing changed: Ed25519 draws no lots."""
    statement = _statement(warning)
    key = keys.newest()
    signature = base64.b64encode(key.private.sign(message(statement))).decode()
    return statement | {"signature": {"algorithm": keys.ALGORITHM, "key": key.id, "value": signature}}


def message(statement: dict[str, Any]) -> bytes:
    """The bytes that are signed: the name of the format, a line end, canonical JSON without the signature."""
    unsigned = {name: value for name, value in statement.items() if name != "signature"}
    canonical = json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{FORMAT}\n{canonical}".encode()


def key_document() -> dict[str, Any]:
    """The public keys, the one that signs first."""
    return {
        "format": FORMAT,
        "keys": [{"id": key.id, "algorithm": keys.ALGORITHM, "public": key.public} for key in keys.known()],
    }


def _statement(warning: PublishedWarning) -> dict[str, Any]:
    snapshot = warning.content()
    content: dict[str, Any] = {"title": snapshot.title}
    if not warning.is_withdrawn:
        content |= {
            "summary": snapshot.summary,
            "severity": {"key": snapshot.severity.key, "name": snapshot.severity.name},
            "scam_type": {"key": snapshot.scam_type.key, "name": snapshot.scam_type.name},
            "how_it_works": list(snapshot.how_it_works),
            "warning_signs": list(snapshot.warning_signs),
            "what_to_do": list(snapshot.what_to_do),
            "if_you_are_a_victim": list(snapshot.if_you_are_a_victim),
            "sources": [source.name for source in snapshot.sources],
        }
        english = snapshot.english
        if english is not None:
            content["english"] = {
                "title": english.title,
                "summary": english.summary,
                "how_it_works": list(english.how_it_works),
                "warning_signs": list(english.warning_signs),
                "what_to_do": list(english.what_to_do),
                "if_you_are_a_victim": list(english.if_you_are_a_victim),
            }
    return {
        "format": FORMAT,
        "agency": snapshot.agency,
        "site": settings.PUBLIC_URL,
        "code": warning.code,
        "reference": snapshot.reference,
        "state": warning.state,
        "url": addresses.absolute(warning.path),
        "published_at": _time(warning.published_at),
        "updated_at": _time(warning.updated_at),
        "expires_on": warning.expires_on.isoformat() if warning.expires_on else "",
        "note": warning.note,
        "corrections": [
            {"at": _time(correction.corrected_at), "note": correction.note}
            for correction in reading.corrections_of(reading.versions_of(warning))
        ],
        "seal": warning.release.seal,
        "content": content,
    }


def _time(moment: Any) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
