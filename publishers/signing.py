"""The rows a signature creates, in the caller's transaction: release, payloads, deliveries."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from media import sealed
from publishers import clock, doorbell, headstart, plans, scheduling
from publishers.claims import SUPERSEDED
from publishers.contracts import Event
from publishers.models import Channel, Delivery, Payload, Release
from publishers.sealed_record import circumstances
from publishers.sealing import PORTAL, DraftPayload, DraftRelease
from publishers.states import State, begin, move_all
from scam_warnings.enums import Severity


def seal_release(
    draft: DraftRelease,
    *,
    approver: Any,
    declaration: str,
    sealed_at: datetime | None = None,
    publish_at: datetime | None = None,
    on_behalf_of: Mapping[str, Any] | None = None,
) -> Release:
    """Store ``draft`` as a release and put one delivery per payload into the outbox.

    ``on_behalf_of`` describes whose right the approver exercised, where it was delegated to them.

    Call it inside the transaction of the approval: either all of it exists afterwards, or nothing. With
    ``publish_at`` nothing of it leaves before that time.
    Raises IntegrityError when the revision was sealed already.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("seal_release needs the transaction of the approval")
    now = clock.now()
    urgent = draft.snapshot.severity.key == Severity.URGENT
    release = Release.objects.create(
        page_id=draft.page.pk,
        revision=draft.revision,
        kind=draft.kind,
        note=draft.note[:300],
        number=draft.number,
        reference=draft.reference,
        snapshot=draft.snapshot.to_json(),
        seal=draft.seal,
        manifest={str(item.channel.pk): item.hash for item in draft.payloads},
        circumstances=circumstances(draft) | ({"on_behalf_of": dict(on_behalf_of)} if on_behalf_of else {}),
        approved_by=approver,
        sealed_at=sealed_at or now,
        declaration=declaration,
        urgent=urgent,
    )
    _replace(draft, later=publish_at is not None)
    if publish_at is not None:
        # Its pictures stay hidden until then, too.
        scheduling.hold(release, publish_at, approver, now)
    else:
        # With the commit: a signature that is taken back shows nothing. Should the process die in between,
        # sending does it (dispatch.py).
        named = sealed.named_in(draft.snapshot.to_json(), *(item.images for item in draft.payloads))
        transaction.on_commit(partial(_show, named), robust=True)
    payloads = Payload.objects.bulk_create(
        (_payload(release, item) for item in draft.payloads), batch_size=200
    )
    turns = _Turns(draft)
    deliveries = Delivery.objects.bulk_create(
        [
            _delivery(payload, item, now, turns.next(item.channel), publish_at)
            for payload, item in zip(payloads, draft.payloads, strict=True)
        ],
        batch_size=200,
    )
    begin(deliveries, actor=str(approver))
    doorbell.ring()
    return release


def _show(digests: Iterable[str]) -> None:
    for digest in digests:
        sealed.release(digest)


def _replace(draft: DraftRelease, *, later: bool) -> None:
    """What waits to be sent and is replaced by this release never leaves; after a withdrawal nothing does.

    Until what is for ``later`` begins, the portal goes on with what was approved before. A channel outside does
    not: the plan of this release says that nothing is there to edit.
    """
    withdrawn = draft.kind == Event.WITHDRAWAL
    sentence = (
        _("The warning was withdrawn before this was sent.")
        if withdrawn
        else _("A newer approved version of this warning goes to this channel instead.")
    )
    scheduling.supersede(draft.page.pk, SUPERSEDED, sentence)
    replaced = [
        item.channel.pk for item in draft.payloads if not later or item.channel.kind not in plans.LOCAL
    ]
    old = plans.not_begun(draft.page, None if withdrawn else replaced)
    for state in {State(row.state) for row in old}:
        move_all(
            [row for row in old if row.state == state],
            State.CANCELLED,
            next_attempt_at=None,
            error_code=SUPERSEDED,
            error_sentence=sentence,
        )


def _payload(release: Release, item: DraftPayload) -> Payload:
    return Payload(
        release=release,
        channel=item.channel,
        operation=item.operation,
        title=item.title,
        text=item.text,
        link=item.link,
        images=list(item.images),
        data=dict(item.data),
        hash=item.hash,
    )


def _delivery(
    payload: Payload, item: DraftPayload, now: datetime, turn: int, publish_at: datetime | None
) -> Delivery:
    release = payload.release
    first = item.channel.kind == PORTAL and publish_at is None
    return Delivery(
        payload=payload,
        channel=item.channel,
        release=release,
        state=State.DUE if first else State.SCHEDULED,
        urgent=release.urgent,
        follows=item.follows,
        turn=turn,
        next_attempt_at=now if first else publish_at or headstart.first_attempt_at(now),
        updated_at=now,
    )


class _Turns:
    """Places in the queues of the accounts: behind what waits there already."""

    def __init__(self, draft: DraftRelease) -> None:
        accounts = {i.channel.credential_id for i in draft.payloads if i.channel.credential_id is not None}
        waiting = (
            Delivery.objects.filter(
                state__in=[State.SCHEDULED, State.DUE], channel__credential_id__in=accounts
            )
            .order_by()
            .values_list("channel__credential_id")
            .annotate(count=Count("pk"))
        )
        self._next: dict[object, int] = dict(waiting)

    def next(self, channel: Channel) -> int:
        """The place of the next delivery to ``channel``; a channel without an account is its own queue."""
        key = channel.credential_id or f"channel {channel.pk}"
        turn = self._next.get(key, 0)
        self._next[key] = turn + 1
        return turn
