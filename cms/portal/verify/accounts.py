"""The official accounts: the channels this installation posts to, and how the agency is reached."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from cms.portal.verify.recognising import account_key
from publishers.models import Channel
from scam_warnings.agency import AgencySettings

_PLATFORMS: Final = {"facebook_page": ("Facebook", "facebook.com"), "zalo_group": ("Zalo", "zalo.me/g")}
"""Kinds of channel the public can visit. Partners, mailing lists and groups posted to by hand are not named."""
_NOT_DIGIT: Final = re.compile(r"[^0-9+]")


@dataclass(frozen=True, slots=True)
class Account:
    """One official account; ``url`` is empty where the platform told none."""

    platform: str
    name: str
    url: str
    keys: tuple[str, ...]
    """What a pasted address is compared with (recognising.account_key)."""


def official_accounts() -> list[Account]:
    """Every account in use, by platform and name."""
    channels = Channel.objects.filter(kind__in=_PLATFORMS, is_active=True).order_by("kind", "name")
    return [_account(channel) for channel in channels]


def accounts_file() -> dict[str, Any]:
    """The directory as data, with the agency's own contacts."""
    agency = AgencySettings.load()
    return {
        "agency": agency.name,
        "site": settings.PUBLIC_URL,
        "phone": _NOT_DIGIT.sub("", agency.phone),
        "email": agency.email.lower(),
        "accounts": [
            {"platform": account.platform, "name": account.name, "url": account.url, "keys": account.keys}
            for account in official_accounts()
        ],
    }


def _account(channel: Channel) -> Account:
    platform, host = _PLATFORMS[channel.kind]
    told = channel.identity if isinstance(channel.identity, dict) else {}
    url = str(told.get("url") or "")
    keys = [account_key(url), f"{host}/{channel.remote_id.lower()}" if channel.remote_id else ""]
    name = str(told.get("name") or channel.name)
    is_public = url.startswith("https://")
    return Account(platform, name, url if is_public else "", tuple(dict.fromkeys(filter(None, keys))))
