"""What templates see: one context for a warning, whoever shows it (portal, bake, the editor's preview)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from cms.core.sanitise import RICH_TEXT, clean_html, is_official_host
from cms.core.text import clip
from cms.portal import addresses
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.reading import Correction
from media.renderers.qr import qr_svg
from scam_warnings.agency import AgencySettings
from scam_warnings.compose import neutral_sample
from scam_warnings.snapshot import HotlineRef, Picture, Snapshot, SourceRef

EMERGENCY = "113"
_INTERNAL_AUDIENCES = frozenset({"bao-cao-vien"})
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


def site_context(agency: AgencySettings | None = None) -> dict[str, Any]:
    """What every public page shows around its content: one query, none with ``agency``."""
    return {
        "agency": agency if agency is not None else AgencySettings.load(),
        "site_url": settings.PUBLIC_URL,
        "emergency": EMERGENCY,
        "LANGUAGE_CODE": settings.LANGUAGE_CODE,
    }


def warning_context(
    snapshot: Snapshot,
    *,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    state: str = PublicState.PUBLISHED,
    note: str = "",
    corrections: Iterable[Correction] = (),
    related: Iterable[PublishedWarning] = (),
    agency: AgencySettings | None = None,
    is_preview: bool = False,
    today: date | None = None,
) -> dict[str, Any]:
    """The context of ``portal/warning.html`` and ``portal/preview_warning.html``.

    Without dates the page says so instead of inventing some. One query for the agency unless given.
    """
    path = addresses.warning(snapshot.slug)
    expires_on = date.fromisoformat(snapshot.expires_on) if snapshot.expires_on else None
    return site_context(agency) | {
        "snapshot": snapshot,
        "path": path,
        "canonical": addresses.absolute(path),
        "short_url": snapshot.short_url,
        "description": clip(snapshot.summary, 200),
        "details": safe_details(snapshot.details_html),
        "sample_message": neutral_sample(snapshot.sample_message),
        "audiences": [entry.name for entry in snapshot.audiences if entry.key not in _INTERNAL_AUDIENCES],
        "hotlines": contacts(snapshot.hotlines),
        "sources": [source_line(source) for source in snapshot.sources],
        "image": snapshot.image,
        "share_image": snapshot.card_wide,
        "share_image_url": addresses.absolute(addresses.sealed(snapshot.card_wide))
        if snapshot.card_wide
        else "",
        "type_url": addresses.scam_type(snapshot.scam_type.key),
        "qr": mark_safe(qr_svg(snapshot.short_url)) if snapshot.short_url else "",  # noqa: S308  segno's own SVG
        "published_at": published_at,
        "updated_at": updated_at if updated_at != published_at else None,
        "expires_on": expires_on,
        "is_expired": expires_on is not None and expires_on < (today or timezone.localdate()),
        "is_withdrawn": state == PublicState.WITHDRAWN,
        "is_corrected": state == PublicState.CORRECTED,
        "note": note,
        "corrections": list(corrections),
        "related": [card(warning) for warning in related],
        "is_preview": is_preview,
    }


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
