"""Closed vocabularies of a warning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """How strongly the public is warned; not the urgency mark of official letters."""

    INFO = "info", _("Advice")
    CAUTION = "caution", _("Warning")
    URGENT = "urgent", _("Urgent warning")


class TextForm(models.TextChoices):
    """The forms one warning is written in."""

    FACEBOOK = "facebook", _("Facebook post")
    ZALO = "zalo", _("Zalo message")
    SMS = "sms", _("SMS")
    LOUDSPEAKER = "loudspeaker", _("Loudspeaker script")
    EMAIL = "email", _("E-mail")
