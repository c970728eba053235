"""What was signed: releases and the payload of each channel. Written once, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishers.contracts import Event, Operation
from publishers.models.channels import Channel


class Release(models.Model):
    """An approved revision, sealed: what was signed, by whom, for which channels."""

    class Kind(models.TextChoices):
        PUBLICATION = Event.PUBLICATION.value, _("Publication")
        CORRECTION = Event.CORRECTION.value, _("Correction")
        WITHDRAWAL = Event.WITHDRAWAL.value, _("Withdrawal")

    page = models.ForeignKey(
        "scam_warnings.ScamWarningPage", on_delete=models.PROTECT, related_name="releases"
    )
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PUBLICATION)
    note = models.CharField(_("public note"), max_length=300, blank=True)
    """What was corrected, or why it was withdrawn, in words for the public."""
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=30, unique=True)
    snapshot = models.JSONField()
    seal = models.CharField(max_length=64)
    """SHA-256 over the snapshot and every payload: what the approver's page showed."""
    manifest = models.JSONField(default=dict)
    """Channel id (as text) → hash of its payload: what was approved for whom, beside the rows themselves."""
    circumstances = models.JSONField(null=True)
    """What the hashes cover besides the columns: channels as they were, and those that keep their post. Null for
    releases that are older than this record."""
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    declaration = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)

    class Meta:
        ordering = ["-sealed_at", "-pk"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="releases_are_numbered"),
            models.UniqueConstraint(
                fields=["revision"],
                name="a_revision_is_sealed_once",
                condition=~Q(kind=Event.WITHDRAWAL.value),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def on_behalf_of(self) -> str:
        """In whose place the signer signed («KT.»); empty when by their own right."""
        told = (self.circumstances or {}).get("on_behalf_of") or {}
        return str(told.get("name") or told.get("login") or "")


class Payload(models.Model):
    """Exactly what one channel gets. Never changed after it was sealed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="payloads")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="payloads")
    operation = models.CharField(
        max_length=10, choices=[(o.value, o.value) for o in Operation], default=Operation.CREATE.value
    )
    title = models.CharField(max_length=255)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=500)
    images = models.JSONField(default=list)
    """Each: sha256, mime, width, height, alt."""
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "channel"], name="one_payload_per_channel")]

    def __str__(self) -> str:
        return f"{self.release_id} → {self.channel_id}"
