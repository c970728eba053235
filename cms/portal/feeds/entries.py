"""Which entries a feed has."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Subquery

from cms.portal.models import FeedEntry, PublishedWarning

NEWEST: Final = 50


def newest(type_key: str = "") -> list[FeedEntry]:
    """The newest entries, last changed first: of all warnings, or of the newest ones of one scam type."""
    rows = FeedEntry.objects.all()
    if type_key:
        # From the newest warnings of the type: to go through all entries would cost more with every year.
        of_type = PublishedWarning.objects.filter(scam_type_key=type_key).order_by("is_old", "-published_at")
        rows = rows.filter(page_id__in=Subquery(of_type.values("page_id")[:NEWEST]))
    return list(rows[:NEWEST])


def identifier(code: str) -> str:
    """The name of an entry for ever (RFC 4151): later versions of a warning are updates of one entry."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},2026:{code}"
