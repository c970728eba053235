"""The trail as lines of JSON that deploy/verify_audit.py checks without the product and without the database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from cms.audit import canonical
from cms.audit.models import START, Entry, Link

CHUNK = 1000


def lines(begin: datetime | None, end: datetime | None) -> Iterator[str]:
    """A line that opens, one for each link with its entry, and a line that closes; none ends in a newline.

    Everything from the first to the last link of the period is in it, so that the chain has no holes: entries a
    moment outside the period may stand among them.
    """
    first, last = _range(begin, end)
    before = Link.objects.filter(sequence=first - 1).values_list("hash", flat=True).first() or START
    yield canonical.as_json({"format": canonical.FORMAT, "from": first, "previous": before})
    count, place = 0, first - 1
    hash_ = before
    while place < last:
        links = list(Link.objects.filter(sequence__gt=place, sequence__lte=last).order_by("sequence")[:CHUNK])
        if not links:
            break
        entries = Entry.objects.in_bulk([link.entry_id for link in links])
        for link in links:
            entry = entries.get(link.entry_id)
            yield canonical.as_json(
                {"link": _link(link), "entry": canonical.of_entry(entry) if entry else None}
            )
            place, hash_, count = link.sequence, link.hash, count + 1
    yield canonical.as_json({"end": {"count": count, "hash": hash_}})


def _range(begin: datetime | None, end: datetime | None) -> tuple[int, int]:
    rows = Link.objects.all()
    if begin is not None:
        rows = rows.filter(entry__at__gte=begin)
    if end is not None:
        rows = rows.filter(entry__at__lt=end)
    found = rows.aggregate(first=Min("sequence"), last=Max("sequence"))
    return found["first"] or 1, found["last"] or 0


def _link(link: Link) -> dict[str, Any]:
    return {
        name: getattr(link, name)
        for name in ("sequence", "entry_id", "content", "previous", "hash", "key", "mac")
    }
