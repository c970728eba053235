"""What the watch writes down: discrepancies, figures, notices, platform events, and who is alive."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishers.models.channels import Channel
from publishers.models.deliveries import Delivery
from publishers.models.releases import Release


class Notice(models.Model):
    """Something people were told; its key keeps them from being told twice."""

    key = models.CharField(max_length=200, unique=True)
    """What it is about: token-expiry:5:2027-01-01:30, dead-man:2026-11-26T08 …"""
    title = models.CharField(max_length=300)
    text = models.TextField()
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it stopped being true."""

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class Discrepancy(models.Model):
    """Something approved that a channel does not show, or something shown that was not approved."""

    class Kind(models.TextChoices):
        NO_DELIVERY = "no_delivery", _("Approved, but not in the queue")
        MISSING = "missing", _("Sent, but not to be seen")
        DELETED = "deleted", _("Deleted on the channel")
        ALTERED = "altered", _("Changed on the channel")
        DOUBLED = "doubled", _("There more than once")
        STILL_THERE = "still_there", _("Withdrawn, but still to be seen")
        FOREIGN = "foreign", _("Not from this system")
        TAMPERED = "tampered", _("Altered after it was approved")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="discrepancies")
    release = models.ForeignKey(Release, null=True, on_delete=models.CASCADE, related_name="discrepancies")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="discrepancies")
    subject = models.CharField(max_length=240)
    """What it is about within its channel: a delivery, a release or a remote id."""
    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.CharField(max_length=500, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    """When it was last found to stand."""
    resolved_at = models.DateTimeField(null=True)
    """When it was found to be gone, or a person closed it."""
    closed_by = models.CharField(max_length=120, blank=True)
    closed_reason = models.CharField(max_length=300, blank=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="discrepancies")
    """What told people of it."""

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "subject"],
                condition=Q(resolved_at__isnull=True),
                name="a_discrepancy_is_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel_id} {self.remote_id}"


class Insight(models.Model):
    """One figure of one post at one time. Appended; no figure is null, never zero."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="insights")
    metric = models.CharField(max_length=30)
    value = models.PositiveBigIntegerField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["delivery", "metric", "taken_at"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "metric", "taken_at"], name="one_figure_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.metric}: {self.value}"


class PlatformEvent(models.Model):
    """An event a platform's webhook told us; kept by its own id, so that repeats do nothing."""

    platform = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)
    name = models.CharField(max_length=60)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.JSONField(default=dict)
    """What of it is used; never the whole body, which holds what citizens wrote."""
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "event_id"], name="an_event_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.name}"


class WorkerBeat(models.Model):
    """The last sign of life of one worker, or of the watch."""

    name = models.CharField(max_length=80, primary_key=True)
    """Host and process id."""
    role = models.CharField(max_length=20, default="worker")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
