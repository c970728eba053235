"""Which entries a feed has."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.portal import addresses
from cms.portal.models import FeedEntry, InEnglish, PublishedWarning
from cms.portal.presentation import ENGLISH
from publishers.models import Release
from scam_warnings.snapshot import Snapshot

NEWEST: Final = 50


def newest(type_key: str = "") -> list[FeedEntry]:
    """The newest entries, last changed first: of all warnings, or of the newest ones of one scam type."""
    rows = FeedEntry.objects.all()
    if type_key:
        # From the newest warnings of the type: to go through all entries would cost more with every year.
        of_type = PublishedWarning.objects.filter(scam_type_key=type_key).order_by("is_old", "-published_at")
        rows = rows.filter(page_id__in=Subquery(of_type.values("page_id")[:NEWEST]))
    return list(rows[:NEWEST])


def newest_in_english() -> list[FeedEntry]:
    """The newest entries of warnings that have or had an English version, in English; none of them is stored so."""
    spoken = PublishedWarning.objects.exclude(english=InEnglish.NEVER).order_by("-updated_at", "-pk")
    rows = FeedEntry.objects.filter(page_id__in=Subquery(spoken.values("page_id")[:NEWEST]))
    return [_in_english(row) for row in rows.select_related("release")[:NEWEST]]


def _in_english(row: FeedEntry) -> FeedEntry:
    sealed = Snapshot.from_json(row.release.snapshot)
    link = addresses.absolute(addresses.english_warning(sealed.slug))
    said = sealed.english
    title, summary, category = sealed.title, "", ""
    with override(ENGLISH):
        if row.release.kind == Release.Kind.WITHDRAWAL:
            title = _("Withdrawn warning: %s") % (said.title if said else title)
            summary = _("This warning has been withdrawn.")
        elif said is None:
            title = _("No longer in English: %s") % title
            summary = _("The new version is in Vietnamese only. The earlier English text no longer applies.")
        else:
            title, summary, category = said.title, said.summary, said.scam_type
            if row.release.kind == Release.Kind.CORRECTION:
                title = _("Corrected: %s") % title
                summary = " – ".join(filter(None, (said.correction_note, summary)))
    return FeedEntry(
        code=row.code,
        title=title,
        summary=summary,
        link=link,
        category=category,
        published_at=row.published_at,
        updated_at=row.updated_at,
    )


def identifier(code: str) -> str:
    """The name of an entry for ever (RFC 4151): later versions of a warning are updates of one entry."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},2026:{code}"
