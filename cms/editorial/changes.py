"""What an approval would change: per form, what the channels were last given beside what they would get now."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cms.core.sanitise import plain_text
from cms.editorial.difference import Piece, difference, folded
from cms.portal import addresses
from publishers import registry
from publishers.models import Channel, Payload, Release
from publishers.sealing import DraftPayload, DraftRelease
from scam_warnings.snapshot import English, Picture, Snapshot

_LISTS: Final = (
    ("how_it_works", _("How it works")),
    ("warning_signs", _("Warning signs")),
    ("what_to_do", _("What to do")),
    ("if_you_are_a_victim", _("If you are a victim")),
)

_LINK: Final = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """One labelled text of a form, as pieces of its difference."""

    label: str | Promise
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Pictured:
    """One place for a picture: what stood there beside what would stand there; None for none."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(slots=True)
class Change:
    """What changes, the same on all of ``channels``."""

    form: str | Promise
    sections: list[Section]
    pictures: list[Pictured]
    channels: list[Channel] = field(default_factory=list)

    @property
    def is_none(self) -> bool:
        """Whether nothing changes there."""
        return not self.sections and not self.pictures


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything an approver should know about the way from the last approved version to this one."""

    last: Release | None
    """None: this is the first version."""
    changed: list[Change]
    same: list[Channel]
    added: list[Channel]
    removed: list[Channel]
    """Got the last version and would get nothing now: their posts stay as they are."""

    @property
    def is_nothing(self) -> bool:
        """Whether no channel would get anything else than it has."""
        return not (self.changed or self.added or self.removed)


def changes(draft: DraftRelease) -> Changes:
    """Compare ``draft`` with what was last sealed for each channel, withdrawals aside."""
    sealed = Release.objects.filter(page_id=draft.page.pk).exclude(kind=Release.Kind.WITHDRAWAL)
    last = sealed.select_related("approved_by").order_by("-number").first()
    if last is None:
        return Changes(None, [], [], [payload.channel for payload in draft.payloads], [])
    before = _last_payloads(draft.page.pk)
    groups: dict[tuple[object, ...], Change] = {}
    same: list[Channel] = []
    for payload in draft.payloads:
        known = before.get(payload.channel.pk)
        if known is None:
            continue
        key = _key(known, payload)
        change = groups.get(key)
        if change is None:
            change = groups[key] = Change(
                _form(payload.channel), _sections(known, payload), _pictures(known, payload)
            )
        if change.is_none:
            same.append(payload.channel)
        else:
            change.channels.append(payload.channel)
    here = {payload.channel.pk for payload in draft.payloads} | {channel.pk for channel in draft.kept}
    return Changes(
        last,
        [change for change in groups.values() if not change.is_none],
        same,
        [payload.channel for payload in draft.payloads if payload.channel.pk not in before],
        [payload.channel for pk, payload in before.items() if pk not in here],
    )


def _last_payloads(page_id: int) -> dict[int, Payload]:
    """Channel id → what it was last given. Only channels of the latest sealed versions, each once."""
    rows = (
        Payload.objects.filter(release__page_id=page_id)
        .exclude(release__kind=Release.Kind.WITHDRAWAL)
        .select_related("channel")
        .order_by("release__number", "channel__sort_order", "channel__name")
    )
    return {row.channel_id: row for row in rows}


def _form(channel: Channel) -> str | Promise:
    return registry.kinds()[channel.kind].label


def _key(known: Payload, payload: DraftPayload) -> tuple[object, ...]:
    """What is the same for channels that stand together: those with the whole warning, else those of one form."""
    looks = (known.text, payload.text, _digests(known.images), _digests(payload.images))
    if payload.data.get("snapshot") and known.data.get("snapshot"):
        return ("whole", known.release_id, *looks)
    form = registry.text_form(payload.channel.kind, payload.channel.options)
    return (payload.channel.kind, form, known.title, *looks)


def _sections(known: Payload, payload: DraftPayload) -> list[Section]:
    if payload.data.get("snapshot") and known.data.get("snapshot"):
        old = _words(Snapshot.from_json(known.data["snapshot"]), known.data.get("note", ""))
        new = _words(Snapshot.from_json(payload.data["snapshot"]), payload.data.get("note", ""))
        pairs = [(label, old[name][1], text) for name, (label, text) in new.items()]
    else:
        pairs = [(_("Title"), known.title, payload.title)] if not payload.text else []
    pairs.append((_("Wording"), known.text, payload.text))
    return [Section(label, folded(difference(a, b))) for label, a, b in pairs if a != b]


def _words(snapshot: Snapshot, note: str) -> dict[str, tuple[str | Promise, str]]:
    """Everything a public page says of the warning, as labelled plain text."""
    named: dict[str, tuple[str | Promise, str]] = {
        "title": (_("Title"), snapshot.title),
        "note": (_("Correction"), note),
        "summary": (_("Summary"), snapshot.summary),
        "severity": (_("Severity"), snapshot.severity.name),
        "scam_type": (_("Scam type"), snapshot.scam_type.name),
        "category": (_("Category"), snapshot.category.name),
        "audiences": (_("Audiences"), _lines(item.name for item in snapshot.audiences)),
    }
    for name, label in _LISTS:
        named[name] = (label, _lines(getattr(snapshot, name)))
    return named | {
        "details": (_("Further information"), _with_addresses(snapshot.details_html)),
        "sample": (_("Sample scam message"), snapshot.sample_message),
        "sources": (_("Sources"), _lines(f"{item.name} {item.url}".strip() for item in snapshot.sources)),
        "hotlines": (
            _("Hotlines"),
            _lines(f"{item.name}: {item.value} {item.use}".strip() for item in snapshot.hotlines),
        ),
        "valid": (_("Validity"), _span(snapshot.valid_from, snapshot.expires_on)),
        "agency": (_("Agency"), snapshot.agency),
        "hashtags": (_("Hashtags"), " ".join(snapshot.hashtags)),
        **_english_words(snapshot.english),
    }


def _english_words(said: English | None) -> dict[str, tuple[str | Promise, str]]:
    """The same of the English page; every text empty where there is none, so that one that goes shows too."""
    texts = {
        "title": (_("Title"), said.title if said else ""),
        "note": (_("Correction"), said.correction_note if said else ""),
        "summary": (_("Summary"), said.summary if said else ""),
        "severity": (_("Severity"), said.severity if said else ""),
        "scam_type": (_("Scam type"), said.scam_type if said else ""),
        "audiences": (_("Audiences"), _lines(item.name for item in said.audiences) if said else ""),
        **{name: (label, _lines(getattr(said, name)) if said else "") for name, label in _LISTS},
        "details": (_("Further information"), _with_addresses(said.details_html) if said else ""),
        "sample": (_("Sample scam message"), said.sample_message if said else ""),
        "hotlines": (
            _("Hotlines"),
            _lines(f"{item.name}: {item.value} {item.use}".strip() for item in said.hotlines) if said else "",
        ),
        "image": (_("Image"), _lines(filter(None, (said.image_alt, said.image_credit))) if said else ""),
    }
    return {
        f"english_{name}": (format_lazy(_("{text} (in English)"), text=label), text)
        for name, (label, text) in texts.items()
    }


def _with_addresses(markup: str) -> str:
    """Rich text as plain text that still tells where a link leads: a changed address must show."""
    return plain_text(_LINK.sub(r"\2 [\1]", markup))


def _span(first: str, last: str) -> str:
    days = (
        date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") if day else "…" for day in (first, last)
    )
    return " – ".join(days) if first or last else ""


def _lines(items: Iterable[str]) -> str:
    return "\n".join(items)


def _pictures(known: Payload, payload: DraftPayload) -> list[Pictured]:
    return list(_changed_pictures(list(known.images), list(payload.images)))


def _changed_pictures(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Pictured]:
    for place in range(max(len(before), len(after))):
        old = before[place] if place < len(before) else None
        new = after[place] if place < len(after) else None
        if _digest(old) != _digest(new):
            yield Pictured(_shown(old), _shown(new))


def _shown(image: dict[str, Any] | None) -> dict[str, Any] | None:
    return {**image, "url": addresses.sealed(Picture(**image))} if image else None


def _digests(images: Iterable[dict[str, Any]]) -> tuple[object, ...]:
    return tuple(_digest(image) for image in images)


def _digest(image: dict[str, Any] | None) -> object:
    return (image["sha256"], image["alt"]) if image else None
