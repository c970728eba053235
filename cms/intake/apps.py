"""What every form has in common that a citizen fills in: no account, no cookie, no help from a third party."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "cms.intake"
    label = "intake"
    verbose_name = _("Forms for citizens")
