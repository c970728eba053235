"""``manage.py tips_retention``: erase what has reached its term now, or only say what would be erased."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cms.tips import erasing


class Command(BaseCommand):
    """Erase tips past their term."""

    help = "erase contact data, pictures and stories of tips past their term; --dry-run only counts"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            due = erasing.due_stories(now)
            # Where everything goes, the contact data goes with it and is not counted again.
            contacts, stories = (
                erasing.due_contacts(now).exclude(pk__in=due.values("pk")).count(),
                due.count(),
            )
        else:
            contacts = stories = 0
            while (done := erasing.apply_terms(now)) != erasing.Erased(0, 0):
                contacts, stories = contacts + done.contacts, stories + done.stories
        with translation.override(settings.LANGUAGE_CODE):
            words = _("Contact data and pictures: %(contacts)d tips. Everything: %(stories)d tips.") % {
                "contacts": contacts,
                "stories": stories,
            }
        self.stdout.write(words)
