"""What templates see: one context for a warning, whoever shows it (portal, bake, the editor's preview)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.core.sanitise import RICH_TEXT, clean_html, is_official_host
from cms.core.text import clip
from cms.portal import addresses, audiences, structured
from cms.portal.menu import Menu
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.reading import Correction, Version
from cms.portal.sharing.picture import picture
from media.renderers.qr import qr_svg
from publishers.models import Release
from scam_warnings.agency import AgencySettings
from scam_warnings.compose import neutral_sample
from scam_warnings.snapshot import HotlineRef, Picture, Snapshot, SourceRef

EMERGENCY = "113"
ENGLISH = "en"
Noted = TypeVar("Noted", Correction, Version)
_NOT_DIALLED = re.compile(r"[^0-9+]")
_WEB = re.compile(r"https://([^/?#\s]+)(?:[/?#]\S*)?")


@dataclass(frozen=True, slots=True)
class Contact:
    """A hotline with the link that calls it, where there is one."""

    name: str
    value: str
    href: str
    use: str

    @property
    def is_call(self) -> bool:
        return self.href.startswith("tel:")

    @property
    def is_number(self) -> bool:
        """True when the link opens the phone's dialler or messages."""
        return self.href.startswith(("tel:", "sms:"))


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source; ``href`` only for official hosts, every other address stays text."""

    name: str
    href: str
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    """A warning in a list."""

    url: str
    title: str
    summary: str
    severity: str
    severity_name: str
    type_name: str
    published_at: datetime
    picture: Picture | None
    is_expired: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class AudienceLink:
    """For whom a warning is, and where the others for the same people stand."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """One correction or withdrawal in the public log."""

    url: str
    title: str
    code: str
    note: str
    is_withdrawal: bool
    at: datetime


def site_context(
    agency: AgencySettings | None = None, language: str = settings.LANGUAGE_CODE
) -> dict[str, Any]:
    """What every public page shows around its content: one query, none with ``agency``; the menu asks one more."""
    agency = agency if agency is not None else AgencySettings.load()
    return {
        "menu": Menu(),
        "agency": agency,
        "share_picture": picture(agency, language),
        "site_url": settings.PUBLIC_URL,
        "emergency": EMERGENCY,
        "LANGUAGE_CODE": language,
    }


def warning_context(
    snapshot: Snapshot,
    *,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    state: str = PublicState.PUBLISHED,
    note: str = "",
    versions: Iterable[Version] = (),
    corrections: Iterable[Correction] = (),
    related: Iterable[PublishedWarning] = (),
    agency: AgencySettings | None = None,
    is_preview: bool = False,
    today: date | None = None,
    english: bool = False,
) -> dict[str, Any]:
    """The context of ``portal/warning.html`` and ``portal/preview_warning.html``.

    Without dates the page says so instead of inventing some. One query for the agency unless given. With
    ``english`` it is the English page, for a snapshot that has an English version.
    """
    both = snapshot.english is not None and not is_preview
    snapshot = (snapshot.in_english() if english else None) or snapshot
    path = addresses.english_warning(snapshot.slug) if english else addresses.warning(snapshot.slug)
    expires_on = date.fromisoformat(snapshot.expires_on) if snapshot.expires_on else None
    for_public = [
        AudienceLink(entry.name, "" if english else addresses.audience(entry.key))
        for entry in audiences.public(snapshot)
    ]
    type_path = addresses.scam_type(snapshot.scam_type.key)
    above = (
        [(_("Warnings"), addresses.ENGLISH_LIST)]
        if english
        else [(_("Scam types"), addresses.TYPES), (snapshot.scam_type.name, type_path)]
    )
    data = structured.warning(
        snapshot,
        audiences.public(snapshot),
        published_at=published_at,
        updated_at=updated_at,
        trail=[*above, (snapshot.title, path)],
        language=ENGLISH if english else settings.LANGUAGE_CODE,
    )
    share_image = snapshot.image if english else snapshot.card_wide
    # The short address leads to the Vietnamese page.
    short_url = addresses.absolute(path) if english else snapshot.short_url
    return site_context(agency, ENGLISH if english else settings.LANGUAGE_CODE) | {
        "snapshot": snapshot,
        "path": path,
        "canonical": addresses.absolute(path),
        "alternates": addresses.alternates(
            addresses.warning(snapshot.slug), addresses.english_warning(snapshot.slug)
        )
        if both
        else {},
        # Of what is shown as it was written: names of sources and of the agency, reasons.
        "own_language": settings.LANGUAGE_CODE if english else "",
        "short_url": short_url,
        "description": clip(snapshot.summary, 200),
        "details": safe_details(snapshot.details_html),
        "sample_message": neutral_sample(snapshot.sample_message),
        "audiences": for_public,
        "hotlines": contacts(snapshot.hotlines),
        "sources": [source_line(source) for source in snapshot.sources],
        "image": snapshot.image,
        "share_image": share_image,
        "share_image_url": addresses.absolute(addresses.sealed(share_image)) if share_image else "",
        # Lists of types and audiences are in Vietnamese.
        "type_url": "" if english else type_path,
        "qr": mark_safe(qr_svg(short_url)) if short_url else "",  # noqa: S308  segno's own SVG
        "published_at": published_at,
        "updated_at": updated_at if updated_at != published_at else None,
        "expires_on": expires_on,
        "is_expired": expires_on is not None and expires_on < (today or timezone.localdate()),
        "is_withdrawn": state == PublicState.WITHDRAWN,
        "is_corrected": state == PublicState.CORRECTED,
        "note": note,
        "corrections": _in_english(corrections) if english else list(corrections),
        "versions": _in_english(versions) if english else list(versions),
        "structured": None if is_preview or state == PublicState.WITHDRAWN else data,
        "related": [(english_card if english else card)(warning) for warning in related],
        "is_preview": is_preview,
    }


def log_line(release: Release) -> LogLine:
    """How the log shows ``release``: in its sealed words, with the address that is for ever."""
    return LogLine(
        url=addresses.warning(release.page.published.slug),
        title=str(release.snapshot["title"]),
        code=release.reference.split(".")[0],
        note=release.note,
        is_withdrawal=release.kind == Release.Kind.WITHDRAWAL,
        at=release.sealed_at,
    )


def card(warning: PublishedWarning, today: date | None = None) -> Card:
    """How a list shows ``warning``."""
    content = warning.content()
    return Card(
        url=warning.path,
        title=warning.title,
        summary=warning.summary,
        severity=warning.severity,
        severity_name=content.severity.name,
        type_name=warning.scam_type_name,
        published_at=warning.published_at,
        picture=content.image,
        is_expired=warning.is_expired(today),
        is_corrected=warning.state == PublicState.CORRECTED,
    )


def english_card(warning: PublishedWarning, today: date | None = None) -> Card:
    """How an English list shows ``warning``, which has an English version."""
    shown, said = card(warning, today), warning.content().in_english()
    if said is None:
        return shown
    return replace(
        shown,
        url=addresses.english_warning(warning.slug),
        title=said.title,
        summary=said.summary,
        severity_name=said.severity.name,
        type_name=said.scam_type.name,
    )


def _in_english(entries: Iterable[Noted]) -> list[Noted]:
    """``entries`` with their notes in English, and in Vietnamese where there was none."""
    return [
        replace(entry, note=entry.note_en, language="") if entry.note_en else replace(entry, language="vi")
        for entry in entries
    ]


def contacts(hotlines: Iterable[HotlineRef]) -> list[Contact]:
    """Hotlines as a reader uses them: numbers become tel: or sms: links, addresses only of official hosts."""
    found = []
    for hotline in hotlines:
        digits = _NOT_DIALLED.sub("", hotline.value)
        href = ""
        if hotline.kind in {"phone", "phone_sms"} and digits:
            href = f"tel:{digits}"
        elif hotline.kind == "sms" and digits:
            href = f"sms:{digits}"
        elif hotline.kind == "web":
            href = _official(hotline.value)
        found.append(Contact(hotline.name, hotline.value, href, hotline.use))
    return found


def source_line(source: SourceRef) -> SourceLine:
    """One line of the list of sources."""
    return SourceLine(source.name, _official(source.url), neutral_sample(source.url))


def safe_details(markup: str) -> SafeString:
    """Sealed rich text, cleaned once more: what is read is never trusted."""
    return mark_safe(clean_html(markup, RICH_TEXT)) if markup else SafeString("")  # noqa: S308


def _official(url: str) -> str:
    match = _WEB.fullmatch(url.strip())
    return match[0] if match and is_official_host(match[1]) else ""
