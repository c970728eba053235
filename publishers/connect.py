"""From rows to what an adapter sees: its endpoint, its credentials and a frozen message."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings

from media import sealed
from publishers import registry
from publishers.adapters.base import Endpoint
from publishers.contracts import Credentials, Image, Message, Publisher
from publishers.credentials import CredentialHandle, NoCredentials
from publishers.models import Channel, Payload
from publishers.sealing import sealed_payload_hash


def publisher_for(channel: Channel) -> Publisher:
    """The adapter of ``channel``, ready for one call. Raises KeyError for a kind that is not registered."""
    kind = registry.KINDS[channel.kind]
    adapter: Callable[..., Publisher] = registry.adapter_class(channel.kind)
    return adapter(
        remote_id=channel.remote_id, endpoint=endpoint_for(kind.account), credentials=_credentials(channel)
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


def message_for(payload: Payload) -> Message:
    """Exactly what was sealed; reading an image raises media.sealed.SealedFileDamaged if it changed."""
    return Message(
        reference=payload.release.reference,
        title=payload.title,
        text=payload.text,
        link=payload.link,
        images=tuple(_image(image) for image in payload.images),
        data=payload.data,
    )


def intact(payload: Payload) -> bool:
    """Whether text, destination and every image file still are what the approver signed."""
    if sealed_payload_hash(payload) != payload.hash:
        return False
    try:
        for image in payload.images:
            sealed.read(image["sha256"])
    except sealed.SealedFileDamaged:
        return False
    return True


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
