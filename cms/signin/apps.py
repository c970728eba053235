from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInConfig(AppConfig):
    name = "cms.signin"
    label = "signin"
    verbose_name = _("Sign-in and invitations")

    def ready(self) -> None:
        from cms.signin import (
            audited,
            checks,  # noqa: F401 - registers the system checks
            events,  # noqa: F401 - registers the receivers
            reach,
        )

        audited.track_all()
        reach.register()
