"""``manage.py load_demo_tips``: a few tips, so that the inbox of the demonstration is alive."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.tips.demo import load_tips


class Command(BaseCommand):
    """Load them."""

    help = "Load demo tips. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo content is loaded only where KENG_DEMO=1.")
        self.stdout.write(f"{load_tips()}")
