from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishersConfig(AppConfig):
    name = "publishers"
    verbose_name = _("Channels and deliveries")

    def ready(self) -> None:
        from publishers import (
            audited,
            checks,  # noqa: F401 - registers the system checks
            reach,
        )

        audited.track_all()
        reach.register()
