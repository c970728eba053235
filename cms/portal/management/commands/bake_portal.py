"""Rebuild every finished file of the portal, and remove those that should not exist."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.portal import bake


class Command(BaseCommand):
    help = "Rebuild the finished files of the public portal; safe at any time, also while it is being read."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = bake.bake_everything()
        except (bake.BakeError, OSError) as error:
            raise CommandError(
                _("The portal could not be rebuilt; the earlier pages are still served. Cause: %(cause)s")
                % {"cause": error}
            ) from error
        self.stdout.write(
            _("Portal: %(written)d pages written, %(unchanged)d unchanged, %(removed)d files removed.")
            % {
                "written": len(report.written),
                "unchanged": len(report.unchanged),
                "removed": len(report.removed),
            }
        )
