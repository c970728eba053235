"""From where a request comes."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The visitor's IP address, or an empty text.

    What X-Forwarded-For says counts only as far as the servers in TRUSTED_PROXIES wrote it: anybody can send it.
    """
    found = _ip(request.META.get("REMOTE_ADDR", ""))
    for claimed in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if found is None or not _trusted(found):
            break
        further = _ip(claimed)
        if further is None:
            break
        found = further
    return str(found) if found is not None else ""


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _trusted(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(found in ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES)
