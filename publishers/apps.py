from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishersConfig(AppConfig):
    name = "publishers"
    verbose_name = _("Channels and deliveries")

    def ready(self) -> None:
        from publishers import checks  # noqa: F401 - registers the system checks
