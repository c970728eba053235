"""Whether the trail is what was written: every link, every entry, the tail, and what waits to be linked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.audit import canonical, guards, head, keys, linking
from cms.audit.models import START, Entry, Link

CHUNK: Final = 1000
PATIENCE: Final = timedelta(minutes=10)
"""An entry that is unlinked for longer was not left by a process that was just killed."""
MOST: Final = 50
"""Problems that are told; the first one is what matters."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was written; ``sequence`` is where, as far as it has a place in the chain."""

    sentence: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A link up to which everything was found well."""

    sequence: int = 0
    hash: str = START


@dataclass(slots=True)
class Result:
    """What verifying found."""

    problems: list[Problem] = field(default_factory=list)
    links: int = 0
    place: Place = field(default_factory=Place)
    """The last link that is well; the next time may begin there."""
    head_known: bool = True
    """False where there is no file to compare the tail with."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(since: Place | None = None) -> Result:
    """Check the chain from ``since`` on, by default the whole of it, and its tail. Changes nothing."""
    result = Result(place=since or Place())
    for problem in _problems(result, whole=since is None):
        result.problems.append(problem)
        if len(result.problems) >= MOST:
            break
    return result


def _problems(result: Result, *, whole: bool) -> Iterator[Problem]:
    start = result.place
    gone = guards.missing()
    if gone:
        yield Problem(
            _("The database no longer refuses changes of the trail; triggers are missing: %s.")
            % ", ".join(gone)
        )
    if start.sequence:
        stored = Link.objects.filter(sequence=start.sequence).values_list("hash", flat=True).first()
        if stored != start.hash:
            yield Problem(_("The link that was checked last is gone or altered."), start.sequence)
    yield from _chain(result, start)
    yield from _tail(result)
    yield from _unlinked(whole=whole)
    if whole:
        yield from _doubled()


def _chain(result: Result, start: Place) -> Iterator[Problem]:
    known = keys.known()
    sequence, previous = start.sequence, start.hash
    unbroken = True
    while True:
        try:
            links = list(Link.objects.filter(sequence__gt=sequence).order_by("sequence")[:CHUNK])
            entries = _entries([link.entry_id for link in links])
        except Exception as error:
            # What somebody wrote past the product may be no number, no time, no text at all.
            yield Problem(_("A row cannot be read (%s).") % type(error).__name__, sequence + 1)
            return
        if not links:
            return
        for link in links:
            found = [
                *_link(link, sequence, previous, known),
                *_entry(link, entries.get(link.entry_id), known),
            ]
            yield from found
            sequence, previous = link.sequence, link.hash
            result.links += 1
            unbroken = unbroken and not found
            if unbroken:
                result.place = Place(link.sequence, link.hash)


def _entries(numbers: list[int]) -> dict[int, Any]:
    """Entries by number; one that cannot be read stands as its error."""
    try:
        return dict(Entry.objects.in_bulk(numbers))
    except Exception:
        found: dict[int, Any] = {}
        for number in numbers:
            try:
                found[number] = Entry.objects.filter(pk=number).first()
            except Exception as error:
                found[number] = error
        return found


def _link(link: Link, sequence: int, previous: str, known: dict[str, str]) -> Iterator[Problem]:
    if link.sequence != sequence + 1:
        yield Problem(_("Links are missing before this one."), sequence + 1)
        return
    if link.previous != previous:
        yield Problem(_("The link does not follow the one before it."), link.sequence)
    if link.hash != canonical.link_hash(linking.place_of(link)):
        yield Problem(_("The link was altered."), link.sequence)
    key = known.get(link.key)
    if key is None:
        yield Problem(_("The link was signed with a key that is not in AUDIT_KEYS."), link.sequence)
    elif not canonical.same(canonical.link_mac(link.hash, key), link.mac):
        yield Problem(_("The link was not signed by this installation."), link.sequence)


def _entry(link: Link, entry: Any, known: dict[str, str]) -> Iterator[Problem]:
    if entry is None:
        yield Problem(_("The entry %d was removed.") % link.entry_id, link.sequence)
        return
    if isinstance(entry, Exception):
        yield Problem(_("The entry %d was altered and cannot be read.") % link.entry_id, link.sequence)
        return
    columns = canonical.of_entry(entry)
    if canonical.content_hash(columns) != link.content:
        yield Problem(_("The entry %d was altered.") % link.entry_id, link.sequence)
    elif not _sealed(columns, known):
        yield Problem(_("The entry %d was not written by this installation.") % link.entry_id, link.sequence)


def _sealed(columns: dict[str, Any], known: dict[str, str]) -> bool:
    key = known.get(columns["key"])
    return key is not None and canonical.same(canonical.seal(columns, key), columns["seal"])


def _tail(result: Result) -> Iterator[Problem]:
    try:
        kept = head.read()
    except head.HeadUnreadable:
        yield Problem(_("The file that keeps the end of the chain is damaged."))
        return
    except OSError as error:
        yield Problem(_("The file that keeps the end of the chain cannot be read (%s).") % error.strerror)
        return
    if kept is None:
        result.head_known = False
        return
    stored = Link.objects.filter(sequence=kept.sequence).values_list("hash", flat=True).first()
    if stored is None:
        last = Link.objects.aggregate(last=Max("sequence"))["last"] or 0
        yield Problem(
            _("The chain ends at number %(last)d, but it went on to number %(known)d: its end was removed.")
            % {"last": last, "known": kept.sequence},
            last + 1,
        )
    elif stored != kept.hash:
        yield Problem(_("The end of the chain was replaced by another."), kept.sequence)


def _unlinked(*, whole: bool) -> Iterator[Problem]:
    rows = Entry.objects.filter(link__isnull=True).order_by("id")
    if not whole:
        last = Link.objects.order_by("-sequence").values_list("entry_id", flat=True).first()
        if last is not None:
            rows = rows.filter(id__gt=last - linking.WINDOW)
    known, old = keys.known(), timezone.now() - PATIENCE
    try:
        for entry in rows.iterator(chunk_size=CHUNK):
            if not _sealed(canonical.of_entry(entry), known):
                yield Problem(_("The entry %d was not written by this installation.") % entry.pk)
            elif entry.at < old:
                yield Problem(_("The entry %d never got its place in the chain, or lost it.") % entry.pk)
    except Exception as error:
        # A row written past the product may not be readable at all.
        yield Problem(_("An entry outside the chain cannot be read (%s).") % type(error).__name__)


def _doubled() -> Iterator[Problem]:
    twice = Entry.objects.order_by().values("uid").annotate(rows=Count("pk")).filter(rows__gt=1)
    if twice.exists():
        yield Problem(_("An entry stands in the trail twice: one of them is a copy."))
