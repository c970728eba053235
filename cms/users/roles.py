"""What people do, as roles held in units; what each may do is granted by ``manage.py setup_site``."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Stable keys, also the names of the Django groups that carry the permissions; the labels are what people see."""

    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")
    APPROVER = "approver", _("Approver")
    PUBLISHER = "publisher", _("Publisher")
    ADMINISTRATOR = "administrator", _("Administrator")


CONFIRMED_BY_TWO: Final = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
"""Roles nobody gives alone: a second administrator confirms."""
