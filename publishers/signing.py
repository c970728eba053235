"""The rows a signature creates, in the caller's transaction: release, payloads, deliveries."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from publishers import headstart, tasks
from publishers.models import Delivery, Payload, Release
from publishers.sealing import PORTAL, DraftRelease
from publishers.states import State
from scam_warnings.enums import Severity


def seal_release(
    draft: DraftRelease, *, approver: Any, declaration: str, sealed_at: datetime | None = None
) -> Release:
    """Store ``draft`` as a release and put one delivery per payload into the outbox.

    Call it inside the transaction of the approval: either all of it exists afterwards, or nothing.
    Raises IntegrityError when the revision was sealed already.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("seal_release needs the transaction of the approval")
    now = timezone.now()
    urgent = draft.snapshot.severity.key == Severity.URGENT
    release = Release.objects.create(
        page_id=draft.page.pk,
        revision=draft.revision,
        number=draft.number,
        reference=draft.reference,
        snapshot=draft.snapshot.to_json(),
        seal=draft.seal,
        approved_by=approver,
        sealed_at=sealed_at or now,
        declaration=declaration,
        urgent=urgent,
    )
    for item in draft.payloads:
        payload = Payload.objects.create(
            release=release,
            channel=item.channel,
            title=item.title,
            text=item.text,
            link=item.link,
            images=list(item.images),
            data=dict(item.data),
            hash=item.hash,
        )
        first = item.channel.kind == PORTAL
        Delivery.objects.create(
            payload=payload,
            channel=item.channel,
            release=release,
            state=State.DUE if first else State.SCHEDULED,
            urgent=urgent,
            next_attempt_at=now if first else headstart.first_attempt_at(now),
            updated_at=now,
        )
    tasks.wake(len(draft.payloads))
    return release
