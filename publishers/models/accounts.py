"""Through what the channels speak: accounts with their secrets, and the platforms behind them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.models.pacing import Paced


class Platform(Paced):
    """One platform as a whole: the limits of our application there."""

    key = models.CharField(max_length=40, primary_key=True)
    """A kind of account, or a kind of channel that needs none (registry.platform_of)."""

    class Meta:
        verbose_name = _("platform")

    def __str__(self) -> str:
        return self.key


class Credential(Paced):
    """The access of one account (a fanpage, a Zalo Official Account); the secrets are encrypted at rest."""

    class Health(models.TextChoices):
        OK = "ok", _("Connected")
        RECONNECT_REQUIRED = "reconnect_required", _("Must be reconnected")

    label = models.CharField(_("name of the account"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=40, choices=registry.account_choices)
    unit = models.ForeignKey(
        "users.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Empty: the province."),
    )
    sealed_secrets = models.TextField(editable=False)
    expires_at = models.DateTimeField(_("access expires at"), null=True, blank=True, editable=False)
    """When the access in hand ends. Where it renews itself, that is no matter for a person."""
    reconnect_by = models.DateTimeField(_("reconnect by"), null=True, blank=True, editable=False)
    """When a person must have reconnected the account at the latest; null where it never ends."""
    health = models.CharField(
        _("connection"), max_length=20, choices=Health.choices, default=Health.OK, editable=False
    )
    health_note = models.CharField(max_length=300, blank=True, editable=False)
    probed_at = models.DateTimeField(_("last checked"), null=True, editable=False)
    rotation_token = models.CharField(max_length=40, blank=True, editable=False)
    rotation_until = models.DateTimeField(null=True, editable=False)
    rotation_outcome_unknown = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
