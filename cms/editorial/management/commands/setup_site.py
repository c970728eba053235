"""Prepare an installation: page tree, roles, workflow, taxonomy, the portal channel."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from cms.editorial.site_setup import set_up_site


class Command(BaseCommand):
    help = "Create what every installation needs once. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        with override(settings.LANGUAGE_CODE):
            set_up_site()
