"""What an event of an Official Account is used for: a reason to look sooner. Never a proof by itself.

Nothing that a citizen wrote is kept: of messages only our own echo counts, and of that only its number and
the reference code of the warning it carries. Repeats and disorder do no harm: an event is kept by its id.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from cms.core.text import mentions_reference, nfc
from publishers import clock, doorbell
from publishers.adapters import replies
from publishers.models import Channel, Delivery, PlatformEvent
from publishers.states import State

logger = logging.getLogger(__name__)

PLATFORM: Final = "zalo"
ECHO: Final = "oa_send_group_"
GROUP_CHANGES: Final = ("delete_group", "update_group_info")
MOST_DELIVERIES: Final = 50
MAX_TEXT: Final = 20_000
_EXPECTED: Final = (State.SENDING, State.UNCONFIRMED, State.DELIVERED)


def take(body: Mapping[str, Any], raw: bytes, accounts: Sequence[int]) -> None:
    """Keep and use one event that ``accounts`` signed; anything but an echo or a change of a group is let go."""
    name = replies.identifier(body.get("event_name"))[:60]
    if not (name.startswith(ECHO) or name in GROUP_CHANGES):
        return
    group_id = _group_id(body)
    channels = Channel.objects.filter(kind="zalo_group", remote_id=group_id, credential__in=accounts)
    channel = channels.first() if group_id else None
    message = replies.mapping(body.get("message"))
    message_id = replies.identifier(message.get("msg_id") or message.get("message_id"))
    detail = {"group_id": group_id, "message_id": message_id}
    delivery = None
    if channel is not None and name.startswith(ECHO):
        delivery = _delivery_in(channel, message.get("text"))
        if delivery is not None:
            detail |= {"delivery": str(delivery.pk), "reference": delivery.release.reference}
    event_id = f"{name}:{message_id or hashlib.sha256(raw).hexdigest()}"[:200]
    with transaction.atomic():
        if not _kept(event_id, name, channel, detail):
            return
        if delivery is not None:
            _look_now(delivery)
        elif channel is not None and name in GROUP_CHANGES:
            # Never checked means: the next probe asks this group first.
            Channel.objects.filter(pk=channel.pk).update(checked_at=None)


def _kept(event_id: str, name: str, channel: Channel | None, detail: dict[str, str]) -> bool:
    """Write the event down; False when it was taken before."""
    now = clock.now()
    try:
        with transaction.atomic():
            PlatformEvent.objects.create(
                platform=PLATFORM,
                event_id=event_id,
                name=name,
                channel=channel,
                detail=detail,
                received_at=now,
                handled_at=now,
            )
    except IntegrityError:
        return False
    return True


def _delivery_in(channel: Channel, text: Any) -> Delivery | None:
    """The delivery to ``channel`` whose reference stands in ``text``."""
    if not isinstance(text, str):
        return None
    shown = nfc(text[:MAX_TEXT])
    expected = Delivery.objects.filter(channel=channel, state__in=_EXPECTED).select_related("release")
    for delivery in expected.order_by("-pk")[:MOST_DELIVERIES]:
        if mentions_reference(shown, delivery.release.reference):
            return delivery
    return None


def _look_now(delivery: Delivery) -> None:
    """Make the next look at the channel due; the state is the dispatcher's to change, after it looked."""
    now = clock.now()
    unseen = Delivery.objects.filter(pk=delivery.pk, confirmed_at__isnull=True).filter(
        Q(state=State.UNCONFIRMED) | Q(state=State.DELIVERED)
    )
    later = Q(next_attempt_at__gt=now) | Q(next_attempt_at__isnull=True)
    if unseen.filter(later).update(next_attempt_at=now, updated_at=now):
        doorbell.ring()


def _group_id(body: Mapping[str, Any]) -> str:
    """The group an event is about, wherever this kind of event has it."""
    candidates = [body.get("group_id"), replies.mapping(body.get("message")).get("group_id")]
    candidates += [replies.mapping(body.get(side)).get("id") for side in ("recipient", "group")]
    return next(filter(None, map(replies.identifier, candidates)), "")
