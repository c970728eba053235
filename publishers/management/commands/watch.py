"""``manage.py watch``: look after channels, posts and people, apart from the workers."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from publishers.watch.watchman import Watch, jobs


class Command(BaseCommand):
    """Runs in the foreground until SIGTERM or Ctrl-C."""

    help = "Compare channels with what was approved, check accounts, collect figures, remind people."
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        Watch(jobs()).run(self._announce)

    def _announce(self) -> None:
        self.stdout.write(str(_("The watch is on. Press Ctrl-C to stop.")))
        self.stdout.flush()
