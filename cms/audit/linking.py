"""Chaining entries, right after the commit that brought them.

Not inside it: one chain would make everybody wait for everybody. What a lost process left unlinked is linked by
the next call, or by the watch within a minute; an entry that stays unlinked is found by verifying.
"""

import logging
from typing import Any, Final

from django.db import DatabaseError, connection, transaction

from cms.audit import canonical, head, keys
from cms.audit.models import START, Entry, Link

logger = logging.getLogger(__name__)

WINDOW: Final = 5000
"""How many numbers back from the newest linked entry a call looks for ones whose commit came later."""
BATCH: Final = 500
_LOCK: Final = 0x6B656E67
"""Number of the advisory lock on PostgreSQL."""


def link_after_commit() -> None:
    """Link once, after the transaction that is open now; at once where none is.

    Each call moves the linking behind what was asked for meanwhile: the ring that wakes the workers goes first.
    """
    if connection.in_atomic_block:
        here = set(connection.savepoint_ids) - {None}
        waiting = [set(ids) - {None} for ids, call, *_others in _callbacks() if call is _link]
        if any(ids < here for ids in waiting):
            # Asked for further out: that stays even if what is done here is undone.
            return
        connection.run_on_commit = [one for one in _callbacks() if one[1] is not _link]
    transaction.on_commit(_link, robust=True)


def _callbacks() -> list[tuple[Any, ...]]:
    return list(connection.run_on_commit)


def link_pending(*, everything: bool = False) -> int:
    """Link what is not linked yet, oldest first. Returns how many.

    Looks among the newest entries only, unless ``everything`` is asked for. Entries that the product did not write
    (their seal is wrong) are left out; verifying reports them.
    """
    count = 0
    while made := _batch(everything=everything):
        count += made
        if made < BATCH:
            break
    return count


def _link() -> None:
    # Whatever happens here, the act and its entry are committed.
    try:
        link_pending()
    except (DatabaseError, OSError) as error:
        logger.warning("Audit entries are linked later: %s", type(error).__name__)


def _batch(*, everything: bool) -> int:
    with transaction.atomic():
        _one_at_a_time()
        last = Link.objects.order_by("-sequence").first()
        rows = Entry.objects.filter(link__isnull=True).order_by("id")
        if last is not None and not everything:
            rows = rows.filter(id__gt=last.entry_id - WINDOW)
        links = _chain(last, list(rows[:BATCH]))
        Link.objects.bulk_create(links)
    if links:
        head.advance(links[-1], before=last)
    return len(links)


def _chain(last: Link | None, entries: list[Entry]) -> list[Link]:
    known = keys.known()
    name, key = keys.newest()
    sequence, previous = (last.sequence, last.hash) if last is not None else (0, START)
    made: list[Link] = []
    for entry in entries:
        columns = canonical.of_entry(entry)
        own = known.get(entry.key)
        if own is None or not canonical.same(canonical.seal(columns, own), entry.seal):
            logger.error("Audit entry %d was not written by this installation; it is not linked", entry.pk)
            continue
        sequence += 1
        link = Link(
            sequence=sequence,
            entry_id=entry.pk,
            content=canonical.content_hash(columns),
            previous=previous,
            key=name,
        )
        link.hash = canonical.link_hash(place_of(link))
        link.mac = canonical.link_mac(link.hash, key)
        previous = link.hash
        made.append(link)
    return made


def place_of(link: Link) -> dict[str, object]:
    """What the hash of ``link`` covers."""
    return {name: getattr(link, name) for name in canonical.LINKED}


def _one_at_a_time() -> None:
    # On SQLite a transaction is alone from its beginning (settings: IMMEDIATE).
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
