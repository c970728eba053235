"""``manage.py worker``: send what is due, until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from publishers.worker import Worker


class Command(BaseCommand):
    """Runs in the foreground; SIGTERM or Ctrl-C ends it after the calls in flight."""

    help = "Send what is due, read back what is uncertain, run background tasks. Stop it with Ctrl-C."
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        Worker().run(self._announce)

    def _announce(self) -> None:
        self.stdout.write(str(_("The worker is ready: it sends what is due. Press Ctrl-C to stop.")))
        self.stdout.flush()
