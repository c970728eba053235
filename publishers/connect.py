"""From rows to what an adapter sees: its endpoint, its credentials and a frozen message."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from media import sealed
from publishers import clock, pace, registry
from publishers.adapters.base import Endpoint
from publishers.contracts import Credentials, Event, Image, Message, Operation, Publisher, Scope
from publishers.credentials import CredentialHandle, NoCredentials
from publishers.models import Channel, Delivery
from publishers.sealing import sealed_payload_hash

logger = logging.getLogger(__name__)


def publisher_for(channel: Channel, **hooks: Any) -> Publisher:
    """The adapter of ``channel``, ready for one call. Raises KeyError for a kind that is not registered.

    ``hooks`` are what a delivery adds: ``guard`` and ``recipients`` (adapters.base.Adapter).
    """
    kind = registry.kinds()[channel.kind]
    adapter: Callable[..., Publisher] = registry.adapter_class(channel.kind)
    return adapter(
        remote_id=channel.remote_id,
        endpoint=endpoint_for(kind.account),
        credentials=_credentials(channel),
        options={name: str(value) for name, value in channel.options.items()},
        slow_down=partial(_slow_down, channel),
        **hooks,
    )


def endpoint_for(account: str) -> Endpoint:
    """Where the platform of this kind of account is: always from the settings."""
    where = {
        "facebook": {
            "base_url": settings.FACEBOOK_GRAPH_URL,
            "token_url": settings.FACEBOOK_TOKEN_URL,
            "version": settings.FACEBOOK_GRAPH_VERSION,
        },
        "zalo_oa": {"base_url": settings.ZALO_OPENAPI_URL, "token_url": settings.ZALO_OAUTH_URL},
    }.get(account, {"base_url": ""})
    return Endpoint(
        **where, connect_timeout=settings.PUBLISH_CONNECT_TIMEOUT, read_timeout=settings.PUBLISH_READ_TIMEOUT
    )


def message_for(delivery: Delivery, operation: Operation) -> Message:
    """Exactly what was sealed; reading an image raises media.sealed.SealedFileDamaged if it changed."""
    payload = delivery.payload
    return Message(
        reference=payload.release.reference,
        title=payload.title,
        text=payload.text,
        link=payload.link,
        images=tuple(_image(image) for image in payload.images),
        data=payload.data,
        event=Event(payload.release.kind),
        operation=operation,
        target_id=delivery.follows.remote_id if delivery.follows is not None else "",
        delivery_id=f"{payload.release.reference}-{delivery.pk}",
    )


def intact(delivery: Delivery) -> bool:
    """Whether text, destination, what it changes and every image file still are what the approver signed."""
    payload = delivery.payload
    if sealed_payload_hash(payload, follows=delivery.follows_id) != payload.hash:
        return False
    # Deliveries of an earlier edition of the product have no manifest.
    manifest = payload.release.manifest
    if manifest and manifest.get(str(payload.channel_id)) != payload.hash:
        return False
    try:
        for image in payload.images:
            sealed.read(image["sha256"])
    except sealed.SealedFileDamaged:
        return False
    return True


def _slow_down(channel: Channel, scope: Scope, seconds: float) -> None:
    try:
        pace.slow_down(channel, scope, seconds, clock.now())
    except DatabaseError as error:
        # It is asked in the middle of a call, whose outcome must not depend on it.
        logger.warning("A platform's wish for patience could not be stored: %s", type(error).__name__)


def _credentials(channel: Channel) -> Credentials:
    return CredentialHandle(channel.credential_id) if channel.credential_id else NoCredentials()


def _image(image: dict[str, Any]) -> Image:
    return Image(
        sha256=image["sha256"],
        mime=image["mime"],
        width=image["width"],
        height=image["height"],
        alt=image["alt"],
        read=partial(sealed.read, image["sha256"]),
    )
