"""System checks of the delivery settings: a wrong one would double posts or lose credentials."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility)
def check_times(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The grace outlasts one call; the lease outlasts the two calls of a delivery (upload and post)."""
    call: float = settings.PUBLISH_CONNECT_TIMEOUT + settings.PUBLISH_READ_TIMEOUT
    found: list[CheckMessage] = []
    grace: float = settings.PUBLISH_GRACE
    lease: float = settings.PUBLISH_LEASE
    if grace <= call:
        found.append(
            Error(
                f"PUBLISH_GRACE ({grace:g} s) must be longer than PUBLISH_CONNECT_TIMEOUT + "
                f"PUBLISH_READ_TIMEOUT ({call:g} s).",
                hint="Reading back before a lost call has ended would miss its post and send it again.",
                id="publishers.E001",
            )
        )
    if lease <= 2 * call:
        found.append(
            Error(
                f"PUBLISH_LEASE ({lease:g} s) must be longer than twice PUBLISH_CONNECT_TIMEOUT + "
                f"PUBLISH_READ_TIMEOUT ({2 * call:g} s).",
                hint="A lease that ends during a call takes the delivery from a worker still sending it.",
                id="publishers.E002",
            )
        )
    return found


@register(Tags.security)
def check_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """There is a key for the credentials, and none is empty."""
    keys = settings.CREDENTIAL_KEYS
    if keys and all(keys):
        return []
    return [
        Error(
            "CREDENTIAL_KEYS is empty or holds an empty key.",
            hint="Name at least one long random string; the first one encrypts, all of them decrypt.",
            id="publishers.E003",
        )
    ]
