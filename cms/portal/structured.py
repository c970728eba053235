"""What search engines are told in schema.org's words: who warns, of what, since when.

Built from what the page shows and nothing else, so that it can say no more than was approved.
"""

import json
from datetime import datetime
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from cms.portal import addresses
from scam_warnings.agency import AgencySettings
from scam_warnings.snapshot import Named, Snapshot

_CONTEXT: Final = "https://schema.org"
# What would end the element or begin a comment in it; the same letters to whoever reads the JSON.
_ESCAPES: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script(data: object) -> SafeString:
    """The element that holds ``data``, which must be plain JSON values."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above


def site(agency: AgencySettings, name: str) -> dict[str, Any]:
    """The portal called ``name``, its search and the agency that runs it."""
    search = f"{addresses.absolute(addresses.SEARCH)}?q={{q}}"
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": name,
        "url": addresses.absolute(addresses.HOME),
        "inLanguage": "vi",
        "publisher": _agency(agency.name),
        "potentialAction": {"@type": "SearchAction", "target": search, "query-input": "required name=q"},
    }


def warning(
    snapshot: Snapshot,
    audiences: list[Named],
    *,
    published_at: datetime | None,
    updated_at: datetime | None,
    trail: list[tuple[str, str]],
    language: str = "vi",
) -> list[dict[str, Any]]:
    """A warning as an article with its agency, and the ``trail`` (name, path) of pages that ends with it."""
    article: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Article",
        "headline": snapshot.title[:110],
        "description": snapshot.summary,
        "url": addresses.absolute(trail[-1][1]),
        "identifier": snapshot.reference,
        "inLanguage": language,
        "isAccessibleForFree": True,
        "about": snapshot.scam_type.name,
        "author": _agency(snapshot.agency),
        "publisher": _agency(snapshot.agency),
    }
    if published_at:
        article["datePublished"] = published_at.isoformat(timespec="seconds")
        article["dateModified"] = (updated_at or published_at).isoformat(timespec="seconds")
    if snapshot.expires_on:
        article["expires"] = snapshot.expires_on
    if snapshot.card_wide:
        article["image"] = addresses.absolute(addresses.sealed(snapshot.card_wide))
    if audiences:
        article["audience"] = [{"@type": "Audience", "audienceType": entry.name} for entry in audiences]
    if snapshot.sources:
        article["citation"] = [source.name for source in snapshot.sources]
    places = [
        {"@type": "ListItem", "position": number, "name": name, "item": addresses.absolute(path)}
        for number, (name, path) in enumerate(trail, 1)
    ]
    return [article, {"@context": _CONTEXT, "@type": "BreadcrumbList", "itemListElement": places}]


def _agency(name: str) -> dict[str, str]:
    return {
        "@type": "GovernmentOrganization",
        "name": name,
        "url": addresses.absolute(addresses.HOME),
    }
