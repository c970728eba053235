"""The app that keeps what changed on the portal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenDataConfig(AppConfig):
    name = "cms.portal.opendata"
    label = "opendata"
    verbose_name = _("Open data")

    def ready(self) -> None:
        from cms.portal.opendata import changes

        changes.connect()
