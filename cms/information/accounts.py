"""Accounts that are really the agency's: chosen on the page “Official accounts”, frozen when it is approved."""

from typing import Any

from django.db.models import QuerySet

from publishers import registry
from publishers.models import Channel

_NOT_VISITED = ("portal", "feed", "webhook", "email")


def visitable() -> QuerySet[Channel]:
    """Channels a citizen can look up: the agency's own pages and groups, not partners and lists."""
    return Channel.objects.filter(is_active=True).exclude(kind__in=_NOT_VISITED)


def frozen(row: Any) -> dict[str, str] | None:
    """An account as it is sealed: name, platform, address; None for a channel that is gone."""
    name, platform, url = row["name"] or "", row["platform"] or "", row["url"] or ""
    if row["channel"]:
        channel = visitable().filter(pk=row["channel"]).first() if str(row["channel"]).isdigit() else None
        if channel is None:
            return None
        name = name or str(channel.identity.get("name") or channel.name)
        url = url or str(channel.identity.get("url") or "")
        platform = platform or _platform(channel)
    return {"name": name, "platform": platform, "url": url} if name else None


def _platform(channel: Channel) -> str:
    if channel.kind == "assisted":
        return str(channel.options.get("platform", "")).title()
    return str(registry.kinds()[channel.kind].label)
