from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "cms.editorial"
    label = "editorial"
    verbose_name = _("Editorial work")

    def ready(self) -> None:
        from cms.editorial import audited, digest, reach, role_requests, withdrawal
        from cms.editorial.stages import telling
        from publishers.centre import next_steps

        audited.track_all()
        reach.register()
        digest.count_with(role_requests.line)
        telling.connect()
        next_steps.offer(withdrawal.step)
