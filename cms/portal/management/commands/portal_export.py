"""Bring the finished portal to a server outside: a folder or an S3-compatible store."""

import argparse
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.portal.baking.outside import carrying
from cms.portal.baking.outside.stores import StoreError, configured
from cms.portal.management.progress import progress


class Command(BaseCommand):
    help = (
        "Make the files of TARGET (a folder, or s3://bucket/prefix) those of the public portal, with the pictures "
        "and styles they show. Sends what differs; killed and begun again, what is missing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("target")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            carried = carrying.compare(
                configured(options["target"]),
                progress(self.stdout, _("Server outside: %(done)d of %(all)d files")),
            )
        except (StoreError, ImproperlyConfigured) as error:
            raise CommandError(
                _("The server outside could not be brought up to date. Cause: %(cause)s") % {"cause": error}
            ) from error
        self.stdout.write(
            _("Server outside: %(sent)d files sent, %(same)d unchanged, %(removed)d removed.")
            % {"sent": carried.sent, "same": carried.same, "removed": carried.removed}
        )
