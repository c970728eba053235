"""What a warning says, as one frozen value: sealed with a release, shown in previews, rendered by the portal.

A snapshot holds words, not database keys: renaming a scam type later does not change a sealed warning.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

_LISTS: Final = ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim")
_PICTURES: Final = ("image", "card_wide", "card_square")


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
class IndicatorRef:
    """What readers may recognise the scam by, masked."""

    kind: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A sealed picture: content address, size in pixels, and what a reader who cannot see it is told."""

    sha256: str
    mime: str
    width: int
    height: int
    alt: str
    credit: str = ""
    smaller: tuple[Picture, ...] = ()
    """The same picture for small screens, narrowest first, sealed like it."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what was sealed before there were smaller ones keeps its hash."""
        values = {name: value for name, value in asdict(self).items() if name != "smaller"}
        return values | ({"smaller": [one.to_json() for one in self.smaller]} if self.smaller else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Picture:
        """The picture that ``to_json`` wrote. Raises TypeError on anything else."""
        return cls(**data | {"smaller": tuple(cls.from_json(one) for one in data.get("smaller", ()))})


@dataclass(frozen=True, slots=True)
class English:
    """What the English page of the warning says; names of the taxonomy as they were called in English."""

    title: str
    summary: str
    severity: str
    scam_type: str
    scam_type_group: str
    category: str
    audiences: tuple[Named, ...]
    how_it_works: tuple[str, ...]
    warning_signs: tuple[str, ...]
    what_to_do: tuple[str, ...]
    if_you_are_a_victim: tuple[str, ...]
    details_html: str
    sample_message: str
    hotlines: tuple[HotlineRef, ...]
    indicator_labels: tuple[str, ...]
    """In the order of the indicators."""
    image_alt: str
    image_credit: str
    correction_note: str
    """What this version corrects; empty when it corrects nothing."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> English:
        """The value that ``Snapshot.to_json`` wrote. Raises KeyError or TypeError on anything else."""
        values = dict(data)
        values["audiences"] = tuple(Named(**item) for item in values["audiences"])
        values["hotlines"] = tuple(HotlineRef(**item) for item in values["hotlines"])
        for name in (*_LISTS, "indicator_labels"):
            values[name] = tuple(values[name])
        return cls(**values)


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
    indicators: tuple[IndicatorRef, ...] = ()
    """Left out of the JSON when there are none: what was sealed before they existed keeps its hash."""
    english: English | None = None
    """Left out of the JSON when there is none, for the same reason."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; ``from_json`` reads them back to an equal snapshot."""
        values = json.loads(json.dumps(asdict(self), ensure_ascii=False))
        if not self.indicators:
            del values["indicators"]
        for name in _PICTURES:
            picture: Picture | None = getattr(self, name)
            values[name] = picture.to_json() if picture else None
        if self.english is None:
            del values["english"]
        return values

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Snapshot:
        """The snapshot that ``to_json`` wrote. Raises KeyError or TypeError on anything else."""
        values = dict(data)
        for name in ("severity", "scam_type", "scam_type_group", "category"):
            values[name] = Named(**values[name])
        values["audiences"] = tuple(Named(**item) for item in values["audiences"])
        values["sources"] = tuple(SourceRef(**item) for item in values["sources"])
        values["indicators"] = tuple(IndicatorRef(**item) for item in values.get("indicators", ()))
        values["hotlines"] = tuple(HotlineRef(**item) for item in values["hotlines"])
        for name in (*_LISTS, "hashtags"):
            values[name] = tuple(values[name])
        for name in _PICTURES:
            values[name] = Picture.from_json(values[name]) if values[name] else None
        if values.get("english") is not None:
            values["english"] = English.from_json(values["english"])
        return cls(**values)

    def in_english(self) -> Snapshot | None:
        """The warning as its English page says it, drawn like any other; None without an English version.

        Sources keep the names they have, and no picture with Vietnamese words in it comes along.
        """
        said = self.english
        if said is None:
            return None
        image = self.image and replace(
            self.image, alt=said.image_alt, credit=said.image_credit or self.image.credit
        )
        labels = zip(self.indicators, said.indicator_labels, strict=True)
        return replace(
            self,
            title=said.title,
            summary=said.summary,
            severity=Named(self.severity.key, said.severity),
            scam_type=Named(self.scam_type.key, said.scam_type),
            scam_type_group=Named(self.scam_type_group.key, said.scam_type_group),
            category=Named(self.category.key, said.category),
            audiences=said.audiences,
            how_it_works=said.how_it_works,
            warning_signs=said.warning_signs,
            what_to_do=said.what_to_do,
            if_you_are_a_victim=said.if_you_are_a_victim,
            details_html=said.details_html,
            sample_message=said.sample_message,
            hotlines=said.hotlines,
            indicators=tuple(replace(item, label=label) for item, label in labels),
            image=image,
            card_wide=None,
            card_square=None,
            texts={},
            english=None,
        )


def canonical_hash(data: Any) -> str:
    """SHA-256 hex of ``data`` as canonical JSON (sorted keys, no spaces, UTF-8)."""
    encoded = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(encoded).hexdigest()
