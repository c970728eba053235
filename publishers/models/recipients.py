"""Channels with many addresses: whom they reach, and what became of each message."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishers.models.channels import Channel
from publishers.models.deliveries import Delivery


class MailRecipient(models.Model):
    """One address on the list of an e-mail channel."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="mail_recipients")
    address = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)
    """When this address was taken off, by its owner or by us."""
    left_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="an_address_is_on_a_list_once")
        ]

    def __str__(self) -> str:
        return self.address


class Copy(models.Model):
    """The message of one delivery for one address. Written before the call, like an attempt."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting to be sent")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused")
        UNKNOWN = "unknown", _("Outcome unknown")
        LEFT = "left", _("Left the list")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="copies")
    address = models.EmailField(max_length=254)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    lease_token = models.CharField(max_length=40, blank=True)
    """The lease of the delivery under which it was begun."""
    sentence = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "address"], name="one_copy_per_address"),
            models.CheckConstraint(
                name="copy_state_known",
                condition=models.Q(state__in=["pending", "sending", "sent", "refused", "unknown", "left"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} → {self.address}: {self.state}"
