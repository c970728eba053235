"""Requests to addresses that people typed: only to public hosts, and to the very address that was checked.

The name is resolved once; the connection is made to that address, so a second answer of the name server
(DNS rebinding) changes nothing. Redirects are never followed.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

import requests
from requests.adapters import HTTPAdapter

from cms.core import practice
from cms.core.http import HttpClient

_PORTS = frozenset({80, 443, 8080, 8443})


class ForbiddenAddress(requests.exceptions.InvalidURL):
    """The address is none that this product calls; nothing was connected."""


class OutboundClient(HttpClient):
    """An HttpClient for one address typed by a person. Raises ForbiddenAddress before anything is opened."""

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        parts = _split(url)
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        address = _resolved(host, port, trusted=_is_named(parts))
        prefix = f"{parts.scheme}://"
        self._session.mount(prefix, _Pinned(host, address))
        return super().request(method, url, **options)


class _Pinned(HTTPAdapter):
    """Connects to one checked address, whatever the name says later."""

    def __init__(self, host: str, address: str) -> None:
        self._host, self._address = host, address
        super().__init__(max_retries=0)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        where: Any
        options: Any
        where, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if where["scheme"] == "https":
            options |= {"server_hostname": self._host, "assert_hostname": self._host}
        return {**where, "host": self._address}, options

    def add_headers(self, request: requests.PreparedRequest, **options: Any) -> None:
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc.rpartition("@")[2]


def check_address(url: str) -> None:
    """Raise ForbiddenAddress when ``url`` is not an address this product would call; looks its name up."""
    parts = _split(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    _resolved(str(parts.hostname), port, trusted=_is_named(parts))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ForbiddenAddress("not a web address") from None
    if not practice.reaches(url):
        raise ForbiddenAddress("practice mode: only the sandbox is called")
    if _is_named(parts):
        return parts
    schemes = {"https", "http"} if settings.OUTBOUND_ALLOW_HTTP else {"https"}
    if parts.scheme not in schemes or not parts.hostname:
        raise ForbiddenAddress("not an https address")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress("an address with a name or password in it")
    if port is not None and port not in _PORTS and not settings.OUTBOUND_ALLOWED_NETWORKS:
        raise ForbiddenAddress("an unusual port")
    return parts


def _is_named(parts: SplitResult) -> bool:
    """Whether the operator allowed exactly this origin; a name or password in it makes it another."""
    return f"{parts.scheme}://{parts.netloc}" in settings.OUTBOUND_ALLOWED_ORIGINS


def _resolved(host: str, port: int, *, trusted: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise requests.exceptions.ConnectTimeout("the name of the host is unknown") from None
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    # One bad answer among good ones is an attack, not a choice.
    for address in addresses:
        if not trusted and not _allowed(address):
            raise ForbiddenAddress("an address inside the own network")
    if not addresses:
        raise requests.exceptions.ConnectTimeout("the host has no address")
    return addresses[0]


def _allowed(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    for network in settings.OUTBOUND_ALLOWED_NETWORKS:
        if address in ipaddress.ip_network(network):
            return True
    embedded = [address]
    if isinstance(address, ipaddress.IPv6Address):
        embedded += [part for part in (address.ipv4_mapped, address.sixtofour) if part is not None]
        if address in ipaddress.ip_network("64:ff9b::/96"):
            embedded.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.teredo is not None:
            embedded += list(address.teredo)
    return all(part.is_global and not part.is_multicast for part in embedded)
