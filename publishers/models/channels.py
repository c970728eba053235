"""The destinations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.models.accounts import Credential
from publishers.models.assisted import Operator
from publishers.models.pacing import Paced


class Channel(Paced):
    """One destination: the portal, a fanpage, a Zalo group, a partner's address."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=40, choices=registry.choices)
    remote_id = models.CharField(
        _("identifier on the platform"),
        max_length=120,
        blank=True,
        help_text=_("Page id, group id …; empty for the portal."),
    )
    area = models.CharField(
        _("area"),
        max_length=120,
        blank=True,
        help_text=_("Commune, ward or special zone this channel serves."),
    )
    credential = models.ForeignKey(
        Credential,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="channels",
        verbose_name=_("account"),
    )
    operator = models.ForeignKey(
        Operator,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="channels",
        verbose_name=_("operator"),
        help_text=_("Who posts here by hand, from their own phone."),
    )
    unit = models.ForeignKey(
        "users.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Whose channel this is; empty: the province."),
    )
    offered_to_all = models.BooleanField(
        _("offered to every unit"),
        default=False,
        help_text=_("Every unit may send its warnings here. Without this, only the unit and those above it."),
    )
    options = models.JSONField(default=dict, blank=True, editable=False)
    """Settings of this kind of channel, by the names its adapter reads: text values only, no secrets."""
    is_active = models.BooleanField(_("in use"), default=True)
    chosen_by_default = models.BooleanField(_("chosen for new warnings"), default=False)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_for_urgent = models.BooleanField(
        _("quiet for urgent warnings too"),
        default=False,
        help_text=_("Without this, urgent warnings are sent at any hour."),
    )
    reports_foreign = models.BooleanField(
        _("report posts that do not come from this system"),
        default=True,
        help_text=_("Switch off where staff also post by hand."),
    )
    paused_reason = models.CharField(_("paused because"), max_length=300, blank=True, editable=False)
    refusals = models.PositiveSmallIntegerField(default=0, editable=False)
    """Refusals in a row; a success starts anew (breaker.py)."""
    identity = models.JSONField(default=dict, editable=False)
    """What the last connection check showed: name, url, picture_url, detail."""
    checked_at = models.DateTimeField(_("last checked"), null=True, editable=False)
    check_error = models.CharField(max_length=300, blank=True, editable=False)
    compared_at = models.DateTimeField(_("last compared"), null=True, editable=False)
    """When the reconciler last saw what this channel shows."""
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "remote_id"],
                name="one_channel_per_destination",
                violation_error_message=_("This destination already is a channel."),
            ),
            models.CheckConstraint(
                name="quiet_hours_have_two_ends",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                violation_error_message=_("Quiet hours need a beginning and an end."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
