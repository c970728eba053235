"""After a restored backup: a person accepts that what came after it is lost, and that stands in the trail."""

from typing import Any

from django.utils.translation import gettext as _

from cms.audit import head, linking
from cms.audit.actions import Action
from cms.audit.models import Entry, Link
from cms.audit.recording import record


class NothingLost(Exception):
    """The end of the chain is where it was."""


def accept_loss(user: Any, reason: str) -> Entry:
    """Write a signed entry that says up to where the chain went and where it ends now; go on from here.

    Raises NothingLost when the file and the chain agree, ValueError without a reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ValueError("a loss is accepted with a reason")
    linking.link_pending(everything=True)
    try:
        kept = head.read()
    except head.HeadUnreadable:
        kept = head.Head(0, "")
    last = Link.objects.order_by("-sequence").first()
    if kept is None or Link.objects.filter(sequence=kept.sequence, hash=kept.hash).exists():
        raise NothingLost(_("Nothing is missing: the chain still holds everything its end was kept for."))
    entry = record(
        Action.LOSS_ACCEPTED,
        user=user,
        label=reason[:300],
        details={
            "reason": reason,
            "known_until": kept.sequence,
            "known_hash": kept.hash,
            "chain_ends_at": last.sequence if last is not None else 0,
        },
    )
    linking.link_pending()
    final = Link.objects.order_by("-sequence").first()
    head.put(head.Head(final.sequence, final.hash) if final is not None else None)
    return entry
