"""Load the demonstration: accounts, sandbox channels and 32 warnings. Refused on a production site."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.editorial.demo import load_demo


class Command(BaseCommand):
    help = "Load demo accounts, sandbox channels and 32 warnings. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-warnings", action="store_true", help="accounts and channels only")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo content has well-known passwords; it is loaded only where KENG_DEMO=1.")
        load_demo(self.stdout.write, warnings=not options["without_warnings"])
