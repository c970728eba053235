"""From rows to what an adapter sees: its endpoint, its credentials and a frozen message."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from cms.core import practice
from media import sealed
from publishers import clock, pace, registry
from publishers.adapters.base import Endpoint
from publishers.contracts import Credentials, Event, Image, Message, Operation, Publisher, Rejected, Scope
from publishers.credentials import CredentialHandle, NoCredentials
from publishers.models import Channel, Delivery, Payload
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
    """Whether text, destination, what it changes and every image file still are what the payload's hash says.

    Whether that hash was signed is another question: seals.is_sealed.
    """
    return is_for_its_channel(delivery) and words_intact(delivery) and pictures_intact(delivery, _is_well)


def is_for_its_channel(delivery: Delivery) -> bool:
    """Whether ``delivery`` goes where its payload was made for, in the release of that payload."""
    payload = delivery.payload
    return delivery.channel_id == payload.channel_id and delivery.release_id == payload.release_id


def words_intact(delivery: Delivery, as_signed: Mapping[str, Any] | None = None) -> bool:
    """Whether text, data, destination and what it changes are what the payload's hash says.

    ``as_signed`` are the channel's kind, destination and options of that time; by default those of today.
    """
    payload = delivery.payload
    return sealed_payload_hash(payload, follows=delivery.follows_id, as_signed=as_signed) == payload.hash


def in_manifest(payload: Payload, manifest: Mapping[str, str]) -> bool:
    """Whether the release with this ``manifest`` (channel → hash) has this very payload for its channel."""
    # Releases of an earlier edition of the product have no manifest.
    return not manifest or manifest.get(str(payload.channel_id)) == payload.hash


def pictures_intact(delivery: Delivery, is_well: Callable[[str], bool]) -> bool:
    """Whether every picture ``is_well``, which is asked by its SHA-256."""
    return all(is_well(image["sha256"]) for image in delivery.payload.images)


def _is_well(sha256: str) -> bool:
    try:
        sealed.read(sha256)
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
    if not channel.credential_id:
        return NoCredentials()
    where = endpoint_for(registry.kinds()[channel.kind].account).base_url or channel.options.get("url", "")
    if where and not practice.reaches(where):
        raise Rejected(
            _(
                "This is practice: only the sandbox is called, and this channel leads elsewhere. Nothing was sent. "
                "Connect a channel of the sandbox, or publish from the real installation."
            ),
            code="practice",
        )
    return CredentialHandle(channel.credential_id)


def _image(image: dict[str, Any]) -> Image:
    return Image(
        sha256=image["sha256"],
        mime=image["mime"],
        width=image["width"],
        height=image["height"],
        alt=image["alt"],
        read=partial(sealed.read, image["sha256"]),
    )
