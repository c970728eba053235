"""Rebuild every finished file of the portal, and remove those that should not exist."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.portal import bake
from cms.portal.management.progress import EVERY, progress


class Command(BaseCommand):
    help = (
        "Rebuild the finished files of the public portal; safe at any time, also while it is being read. "
        "Killed and begun again within the hour it goes on where it was."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, default=EVERY, help="seconds between two words about how far it is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        words = _("Portal: %(done)d of %(all)d pages")
        try:
            report = bake.bake_everything(progress(self.stdout, words, options["every"]))
        except (bake.BakeError, OSError) as error:
            raise CommandError(
                _("The portal could not be rebuilt; the earlier pages are still served. Cause: %(cause)s")
                % {"cause": error}
            ) from error
        if report.kept:
            self.stdout.write(
                _("%(kept)d pages were done by a renewal that was interrupted.") % {"kept": len(report.kept)}
            )
        self.stdout.write(
            _("Portal: %(written)d pages written, %(unchanged)d unchanged, %(removed)d files removed.")
            % {
                "written": len(report.written),
                "unchanged": len(report.unchanged),
                "removed": len(report.removed),
            }
        )
        if settings.PORTAL_STORE:
            call_command("portal_export", settings.PORTAL_STORE, stdout=self.stdout)
