"""What is out of force is shown as old: its page stays, lists put it last, the feeds say so. No channel hears of it."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.core import waking
from cms.portal import tasks
from cms.portal.models import FeedEntry, PublicState, PublishedWarning


def expire(now: datetime) -> int:
    """Mark what went out of force before the local day of ``now``, once each. Returns how many are new."""
    today = timezone.localdate(now)
    rows = PublishedWarning.objects.filter(is_old=False, expires_on__lt=today).order_by("expires_on", "pk")
    return sum(_expire(row) for row in rows)


def _expire(row: PublishedWarning) -> bool:
    with transaction.atomic():
        unmarked = PublishedWarning.objects.filter(pk=row.pk, is_old=False, expires_on=row.expires_on)
        if unmarked.update(is_old=True) != 1:
            return False
        if row.state != PublicState.WITHDRAWN:
            _tell_feeds(row)
    waking.after_commit(tasks.renew_expired, row.pk, otherwise="its pages are renewed within the hour")
    return True


def _tell_feeds(row: PublishedWarning) -> None:
    entry = FeedEntry.objects.select_for_update().filter(page_id=row.page_id).first()
    if entry is None or row.expires_on is None:
        return
    with override(settings.LANGUAGE_CODE):
        entry.title = (_("No longer in force: %s") % entry.title)[:300]
    ended = timezone.make_aware(datetime.combine(row.expires_on + timedelta(days=1), time(0)))
    entry.updated_at = max(entry.updated_at, ended)
    entry.save(update_fields=["title", "updated_at"])
