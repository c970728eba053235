"""The roles of a unit, as Django groups; what each may do is granted by ``manage.py setup_site``."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Group names are stable keys; the labels are what people see."""

    EDITOR = "editor", _("Editor")
    APPROVER = "approver", _("Approver")
    ADMINISTRATOR = "administrator", _("Administrator")
