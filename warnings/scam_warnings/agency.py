"""Who speaks: the authority whose warnings these are (shown on every public page, Decree 42/2022)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="group")
class AgencySettings(BaseGenericSetting):
    """The operating authority's public data."""

    name = models.CharField(_("name of the agency"), max_length=200, default="Công an tỉnh")
    parent_name = models.CharField(_("superior agency"), max_length=200, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=120, blank=True)
    address = models.CharField(_("postal address"), max_length=250, blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9 .+()-]*\Z", _("Digits, spaces and . + ( ) - only."))],
    )
    email = models.EmailField(_("official e-mail"), blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("parent_name"),
        FieldPanel("contact_person"),
        FieldPanel("address"),
        FieldPanel("phone"),
        FieldPanel("email"),
    ]

    class Meta:
        verbose_name = _("agency")
