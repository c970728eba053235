"""The public portal: what is public, its pages, and the finished files they are served from."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "cms.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from cms.portal import parts, signals

        signals.connect()
        parts.register()
