"""Load the standing content to begin with, as drafts; in the demonstration approved too."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from cms.information import seed


class Command(BaseCommand):
    help = "Create drafts of handbook, law, results, collections, scam types and the pages about the agency."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", help="user name of the editor in whose name the drafts are written")
        parser.add_argument("--demo", action="store_true", help="with the demo's accounts, and approved")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] and not settings.DEMO:
            raise CommandError("Demo content is loaded only where KENG_DEMO=1.")
        writer = self._user("bientap" if options["demo"] else options["user"])
        approver = self._user("pheduyet") if options["demo"] else None
        with override(settings.LANGUAGE_CODE):
            try:
                count = seed.load(writer, approver, self.stdout.write)
            except PermissionDenied as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} new")

    def _user(self, name: str | None) -> Any:
        found = get_user_model().objects.filter(username=name or "", is_active=True).first()
        if found is None:
            raise CommandError("Name an active user with --user.")
        return found
