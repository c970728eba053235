"""Nothing of a citizen is kept longer than it is needed, and everything goes when they ask for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.audit.recording import record
from cms.tips import pictures
from cms.tips.models import Picture, Tip

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """How many tips lost how to reach the citizen, and how many lost everything."""

    contacts: int
    stories: int


def erase(tip: Tip, now: datetime) -> None:
    """Take away all that the citizen wrote or sent, and what staff noted about it. Kind, place and state stay."""
    with transaction.atomic():
        row = Tip.objects.select_for_update().get(pk=tip.pk)
        row.sealed_story = row.sealed_contact = ""
        row.erased_at = row.erased_at or now
        row.contact_erased_at = row.contact_erased_at or now
        row.save(update_fields=["sealed_story", "sealed_contact", "erased_at", "contact_erased_at"])
        for rows in (row.pictures, row.marks, row.notes):
            rows.all().delete()


def apply_terms(now: datetime) -> Erased:
    """Erase what has reached its term (settings TIPS_CONTACT_DAYS, TIPS_STORY_DAYS), and pictures never sent."""
    pictures.forget_held(now)
    stories = 0
    for tip in due_stories(now)[:BATCH]:
        erase(tip, now)
        stories += 1
    contacts = 0
    for tip in due_contacts(now)[:BATCH]:
        _erase_contact(tip, now)
        contacts += 1
    if contacts or stories:
        record(
            "keng.tips_erased",
            kind="tips.tip",
            label=_("Tips"),
            details={"count": contacts, "everything": stories},
        )
    return Erased(contacts, stories)


def due_contacts(now: datetime) -> QuerySet[Tip]:
    """Tips whose contact and pictures are past their term."""
    before = now - timedelta(days=settings.TIPS_CONTACT_DAYS)
    return Tip.objects.filter(received_at__lt=before, contact_erased_at__isnull=True).order_by("pk")


def due_stories(now: datetime) -> QuerySet[Tip]:
    """Tips of which everything is past its term."""
    before = now - timedelta(days=settings.TIPS_STORY_DAYS)
    return Tip.objects.filter(received_at__lt=before, erased_at__isnull=True).order_by("pk")


def run(now: datetime) -> Erased:
    """What the watch does each hour. Named by settings.WATCH_JOBS."""
    return apply_terms(now)


def _erase_contact(tip: Tip, now: datetime) -> None:
    with transaction.atomic():
        Tip.objects.filter(pk=tip.pk).update(sealed_contact="", contact_erased_at=now)
        Picture.objects.filter(tip=tip).delete()
