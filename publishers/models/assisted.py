"""Channels only a person can post on: who does it, and what became of the request."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Operator(models.Model):
    """A person who posts by hand, often a ward officer without an account here; reached by link or e-mail."""

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="operator",
        verbose_name=_("user"),
        help_text=_("If this person signs in here: their tasks then show without a link."),
    )
    supervisor_email = models.EmailField(
        _("e-mail of the superior"), blank=True, help_text=_("Is told when a task stays undone.")
    )
    unit = models.ForeignKey(
        "users.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Empty: the province."),
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)
    """Part of every signed link; a new number makes all earlier links invalid."""
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AssistedTask(models.Model):
    """One delivery in a person's hands."""

    delivery = models.OneToOneField(
        "publishers.Delivery", on_delete=models.PROTECT, related_name="assisted_task"
    )
    operator = models.ForeignKey(
        Operator, null=True, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("operator")
    )
    created_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    """When the operator first saw it."""
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    """When the person pressed «Đã gửi», on their own clock if they were offline."""
    received_at = models.DateTimeField(null=True)
    """When we heard of it."""
    proof_url = models.CharField(_("address of the post"), max_length=500, blank=True)
    proof_image = models.CharField(max_length=64, blank=True)
    """SHA-256 of the screenshot in the sealed store."""

    class Meta:
        verbose_name = _("posting task")
        verbose_name_plural = _("posting tasks")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="done_was_received",
                condition=models.Q(done_at__isnull=True, received_at__isnull=True)
                | models.Q(done_at__isnull=False, received_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} → {self.operator_id}"
