"""Prepare an installation: page tree, roles, workflow, taxonomy, the portal channel."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.editorial.site_setup import set_up_site


class Command(BaseCommand):
    help = "Create what every installation needs once. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        set_up_site()
