"""The addresses of one delivery, and what became of each (contracts.Recipients)."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from publishers import clock
from publishers.leaving.links import leaving_link
from publishers.models import Channel, Copy, Delivery, MailRecipient

State = Copy.State
LEFT_BY_LINK: Final = "link"
"""``left_because`` of those who left by themselves."""


class DeliveryRecipients:
    """The copies of one delivery under one lease: every change is a conditional update.

    What a dead worker left in *sending* under another lease is unknown, and never sent again by itself.
    """

    def __init__(self, delivery: Delivery, lease_token: str) -> None:
        self._delivery = delivery
        self._lease = lease_token

    def pending(self) -> Iterable[str]:
        """Addresses nothing was sent to yet, in a stable order."""
        ensure_copies(self._delivery)
        copies = Copy.objects.filter(delivery=self._delivery)
        copies.filter(state=State.SENDING).exclude(lease_token=self._lease).update(
            state=State.UNKNOWN, updated_at=clock.now()
        )
        # They left while the list was written down, or after a try that was refused for now.
        copies.filter(~_on_list(self._delivery.channel_id), state=State.PENDING).update(
            state=State.LEFT, updated_at=clock.now()
        )
        return list(copies.filter(state=State.PENDING).values_list("address", flat=True))

    def begin(self, address: str) -> bool:
        """Commit that the call for ``address`` begins; False when the lease is gone, or its owner has left."""
        waiting = Copy.objects.filter(
            _on_list(self._delivery.channel_id),
            delivery=self._delivery,
            delivery__lease_token=self._lease,
            address=address,
            state=State.PENDING,
        )
        return waiting.update(state=State.SENDING, lease_token=self._lease, updated_at=clock.now()) == 1

    def sent(self, address: str) -> None:
        """The other side took the message for ``address``."""
        self._end(address, State.SENT)

    def refused(self, address: str, sentence: str) -> None:
        """The other side refuses ``address`` for good."""
        self._end(address, State.REFUSED, sentence)

    def again(self, address: str) -> None:
        """The message for ``address`` surely was not taken: it is pending again."""
        self._end(address, State.PENDING)

    def unknown(self, address: str) -> None:
        """Whether ``address`` got it is unknown."""
        self._end(address, State.UNKNOWN)

    def count(self, state: str) -> int:
        """How many copies are in ``state``."""
        return Copy.objects.filter(delivery=self._delivery, state=state).count()

    def leaving_link(self, address: str) -> str:
        """Where the owner of ``address`` leaves the list; empty for one that is on none."""
        there = MailRecipient.objects.filter(channel_id=self._delivery.channel_id, address=address)
        pk = there.values_list("pk", flat=True).first()
        return leaving_link(pk) if pk is not None else ""

    def _end(self, address: str, state: str, sentence: str = "") -> None:
        # A copy that another worker declared unknown meanwhile is settled by the one who made the call.
        Copy.objects.filter(delivery=self._delivery, address=address, lease_token=self._lease).update(
            state=state, sentence=sentence[:300], updated_at=clock.now()
        )


def ensure_copies(delivery: Delivery) -> None:
    """Write one copy for every address that is on the channel's list when the delivery first begins."""
    if Copy.objects.filter(delivery=delivery).exists():
        return
    addresses = MailRecipient.objects.filter(channel_id=delivery.channel_id, left_at__isnull=True)
    now = clock.now()
    with transaction.atomic():
        Copy.objects.bulk_create(
            [
                Copy(delivery=delivery, address=address, updated_at=now)
                for address in addresses.values_list("address", flat=True)
            ],
            batch_size=500,
            ignore_conflicts=True,
        )


def counts(delivery: Delivery) -> Mapping[str, int]:
    """State → how many copies of ``delivery`` are in it."""
    rows = Copy.objects.filter(delivery=delivery).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def retry_unknown(delivery: Delivery) -> int:
    """A person looked: what is unknown did not arrive, and is sent again. Returns how many."""
    unknown = Copy.objects.filter(delivery=delivery, state=State.UNKNOWN)
    return unknown.update(state=State.PENDING, lease_token="", updated_at=clock.now())


def add_recipients(channel: Channel, addresses: Iterable[str]) -> int:
    """Put ``addresses`` on the list of ``channel``; those that had left are on it again. Returns how many are new."""
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    with transaction.atomic():
        known = MailRecipient.objects.filter(channel=channel, address__in=wanted)
        known.filter(left_at__isnull=False).update(left_at=None, left_because="")
        there = set(known.values_list("address", flat=True))
        fresh = [
            MailRecipient(channel=channel, address=address) for address in wanted if address not in there
        ]
        MailRecipient.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def take_off(channel: Channel, address: str, because: str) -> bool:
    """Take ``address`` off the list; what has not begun of releases under way is not sent to it either.

    False when it was not on the list.
    """
    address, now = address.strip().lower(), clock.now()
    there = MailRecipient.objects.filter(channel=channel, address=address, left_at__isnull=True)
    waiting = Copy.objects.filter(delivery__channel=channel, address=address, state=State.PENDING)
    with transaction.atomic():
        gone = there.update(left_at=now, left_because=because[:200]) == 1
        waiting.update(state=State.LEFT, updated_at=now)
    return gone


def those_who_left(channel: Channel) -> QuerySet[MailRecipient]:
    """Who was on the list once, the last to leave first."""
    return MailRecipient.objects.filter(channel=channel, left_at__isnull=False).order_by("-left_at", "pk")


def _on_list(channel: int) -> Exists:
    """Whether the address of a copy still is on the list of ``channel``."""
    there = MailRecipient.objects.filter(channel_id=channel, left_at__isnull=True)
    return Exists(there.filter(address=OuterRef("address")))
