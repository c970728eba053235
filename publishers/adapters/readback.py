"""Finding our own post again by its reference, and reading no more pages than needed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cms.core.text import mentions_reference, nfc
from publishers.contracts import LookupFailed, Message, PublishError, Receipt

LOOK_BACK = 3 * 3600.0
"""Seconds before the attempt at which reading back begins.

A machine whose clock runs ahead must not overlook its own post and send it twice; the reference, not the
time, tells ours from others.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One item a channel shows."""

    remote_id: str
    text: str
    published_at: datetime | None
    url: str = ""


def require_reference(message: Message) -> None:
    """Raise LookupFailed if the text does not carry the reference: not finding it would prove nothing."""
    if not message.reference or not mentions_reference(nfc(message.text), message.reference):
        raise LookupFailed(
            _("The text carries no reference code, so it cannot be looked up. Look on the channel yourself."),
            code="no_reference",
        )


def adopt(items: Iterable[Found], reference: str) -> Receipt | None:
    """The oldest item whose text carries ``reference``, the others as its duplicates; None without any.

    A correction or a withdrawal names the warning it is about, and links to it: it is no duplicate. ``items``
    come newest first. A PublishError they raise is passed on, unless ours was found before it.
    """
    ours: list[Found] = []
    try:
        ours.extend(item for item in items if mentions_reference(nfc(item.text), reference))
    except PublishError:
        if not ours:
            raise
    if not ours:
        return None
    # An edited post carries only the later code, and is still the one.
    ours = [item for item in ours if not _is_later(item.text, reference)] or ours
    ours.reverse()
    ours.sort(key=lambda item: item.published_at.timestamp() if item.published_at else float("inf"))
    oldest = ours[0]
    others = tuple(dict.fromkeys(item.remote_id for item in ours if item.remote_id != oldest.remote_id))
    return Receipt(oldest.remote_id, oldest.url, oldest.published_at, others)


def _is_later(text: str, reference: str) -> bool:
    """Whether ``text`` is that of a later version of what ``reference`` names."""
    return re.search(rf"{re.escape(reference)}\.\d", nfc(text)) is not None


def unfinished() -> LookupFailed:
    """The error for a list that goes on beyond what may be read."""
    return LookupFailed(
        _("The channel shows too many newer items to look through. Look on the channel yourself."),
        code="too_many_items",
    )


def unreadable() -> LookupFailed:
    """The error for a reply that is not the list it should be."""
    return LookupFailed(
        _("The channel's list of posts could not be read. The system will look again."),
        code="unreadable_list",
    )
