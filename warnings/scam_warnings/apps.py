from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScamWarningsConfig(AppConfig):
    name = "scam_warnings"
    verbose_name = _("Scam warnings")

    def ready(self) -> None:
        from scam_warnings import audited, reach

        audited.track_all()
        reach.register()
