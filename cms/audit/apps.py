from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "cms.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from cms.audit import rights, signing_in, wagtail_log

        signing_in.connect()
        wagtail_log.connect()
        rights.track_all()
