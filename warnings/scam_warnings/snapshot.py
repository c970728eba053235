"""What a warning says, as one frozen value: sealed with a release, shown in previews, rendered by the portal.

A snapshot holds words, not database keys: renaming a scam type later does not change a sealed warning.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Named:
    """A taxonomy entry as it was called when the warning was sealed."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where the information comes from."""

    name: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class HotlineRef:
    """A contact as confirmed when the warning was sealed."""

    name: str
    value: str
    kind: str
    use: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A sealed picture: content address, size in pixels, and what a reader who cannot see it is told."""

    sha256: str
    mime: str
    width: int
    height: int
    alt: str
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One warning, complete."""

    reference: str
    slug: str
    path: str
    url: str
    short_url: str
    title: str
    summary: str
    severity: Named
    scam_type: Named
    scam_type_group: Named
    official_no: int | None
    category: Named
    audiences: tuple[Named, ...]
    how_it_works: tuple[str, ...]
    warning_signs: tuple[str, ...]
    what_to_do: tuple[str, ...]
    if_you_are_a_victim: tuple[str, ...]
    details_html: str
    sample_message: str
    sources: tuple[SourceRef, ...]
    hotlines: tuple[HotlineRef, ...]
    hashtags: tuple[str, ...]
    agency: str
    valid_from: str
    """ISO date, or empty."""
    expires_on: str
    """ISO date, or empty."""
    image: Picture | None = None
    card_wide: Picture | None = None
    """1200×630, the Open Graph image."""
    card_square: Picture | None = None
    """1080×1080, for feeds."""
    texts: dict[str, str] = field(default_factory=dict)
    """Text per form: facebook, zalo, sms, loudspeaker."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``from_json`` reads them back to an equal snapshot."""
        return json.loads(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Snapshot:
        """The snapshot that ``to_json`` wrote. Raises KeyError or TypeError on anything else."""
        values = dict(data)
        for name in ("severity", "scam_type", "scam_type_group", "category"):
            values[name] = Named(**values[name])
        values["audiences"] = tuple(Named(**item) for item in values["audiences"])
        values["sources"] = tuple(SourceRef(**item) for item in values["sources"])
        values["hotlines"] = tuple(HotlineRef(**item) for item in values["hotlines"])
        for name in ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim", "hashtags"):
            values[name] = tuple(values[name])
        for name in ("image", "card_wide", "card_square"):
            values[name] = Picture(**values[name]) if values[name] else None
        return cls(**values)


def canonical_hash(data: Any) -> str:
    """SHA-256 hex of ``data`` as canonical JSON (sorted keys, no spaces, UTF-8)."""
    encoded = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(encoded).hexdigest()
