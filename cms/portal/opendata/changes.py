"""Writing and reading the line of public changes."""

from datetime import datetime
from typing import Any, Final

from django.db.models import F, Max, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone

from cms.portal.models import PublicState, PublishedWarning
from cms.portal.opendata.models import ChangeKind, PublicChange
from publishers.models import Release

PER_PAGE: Final = 100
NEWEST: Final = 100
LONG_COLUMNS: Final = ("snapshot", "title_marked", "title_folded", "text_marked", "text_folded")
"""What a list of warnings does not need to read."""


def connect() -> None:
    """Called once, when the app is ready."""
    post_save.connect(_saved, sender=PublishedWarning, dispatch_uid="opendata.public_change")


def note(warning: PublishedWarning) -> PublicChange:
    """Write down that ``warning`` now says what its release says; once for each release."""
    made, _new = PublicChange.objects.get_or_create(
        release_id=warning.release_id,
        defaults={"warning": warning, "kind": _kind(warning), "at": timezone.now()},
    )
    return made


def page(number: int) -> list[PublicChange]:
    """The changes of page ``number`` (from 1), oldest first. Only the last page ever gets new ones."""
    first = (number - 1) * PER_PAGE
    return list(_named().filter(pk__gt=first, pk__lte=first + PER_PAGE))


def newest(most: int = NEWEST) -> list[PublicChange]:
    """The last changes, newest first."""
    return list(_named().order_by("-pk")[:most])


def last_page() -> int:
    """The number of the last page; 0 when nothing was ever public."""
    last = PublicChange.objects.aggregate(last=Max("pk"))["last"]
    return (last - 1) // PER_PAGE + 1 if last else 0


def newest_warnings(most: int) -> list[PublishedWarning]:
    """The warnings that changed last, newest change first."""
    # A warning may have changed several times; so many rows are enough but where a few are changed all the time.
    last = PublicChange.objects.order_by("-pk").values_list("warning_id", flat=True)[: 3 * most]
    wanted = list(dict.fromkeys(last))[:most]
    found = PublishedWarning.objects.defer(*LONG_COLUMNS).in_bulk(wanted)
    return [found[pk] for pk in wanted]


def last_by_run(size: int) -> dict[int, datetime]:
    """Run of ``size`` row numbers of warnings (from 0) → when one of them last changed."""
    rows = PublicChange.objects.order_by().values(run=(F("warning_id") - 1) / size).annotate(last=Max("at"))
    return {row["run"]: row["last"] for row in rows}


def _named() -> QuerySet[PublicChange]:
    # Without the sealed words, which would be most of what is read.
    rows = PublicChange.objects.select_related("warning", "release")
    return rows.only("kind", "at", "warning__code", "release__number")


def _kind(warning: PublishedWarning) -> ChangeKind:
    if warning.state == PublicState.WITHDRAWN:
        return ChangeKind.WITHDRAWN
    if warning.release.kind == Release.Kind.CORRECTION:
        return ChangeKind.CORRECTED
    return ChangeKind.PUBLISHED if warning.release_number == 1 else ChangeKind.UPDATED


def _saved(instance: PublishedWarning, raw: bool = False, **_kwargs: Any) -> None:
    if not raw:
        note(instance)
