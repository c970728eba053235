"""Entries, and the links that chain them. Database triggers refuse every change of either."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """Through which door somebody came."""

    WEB = "web", _("Web page")
    COMMAND = "command", _("Command")
    WORKER = "worker", _("Sending process")
    WATCH = "watch", _("Watching process")


class Entry(models.Model):
    """One act, as it was known when it happened. Names are kept as text: people and units change."""

    uid = models.UUIDField(unique=True)
    at = models.DateTimeField(_("time"))
    actor_id = models.BigIntegerField(null=True)
    """Primary key of the user; null for the system itself, and for people without an account."""
    login = models.CharField(_("sign-in name"), max_length=150, blank=True)
    actor = models.CharField(_("person"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=200, blank=True)
    action = models.CharField(_("action"), max_length=100)
    object_type = models.CharField(_("type"), max_length=100, blank=True)
    """App and model, as in ``publishers.channel``."""
    object_id = models.CharField(max_length=64, blank=True)
    object_label = models.CharField(_("object"), max_length=300, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    """IP address of the visitor; empty for commands and workers."""
    way = models.CharField(_("way in"), max_length=10, choices=Way.choices)
    place = models.CharField(max_length=300, blank=True)
    """Path of the page, or name of the command; never with a token in it."""
    group = models.UUIDField(null=True)
    """Entries of one request share it."""
    changes = models.TextField(default="{}")
    """JSON: field → [before, after]; only what changed. Text, so that its bytes are the same on every database."""
    details = models.TextField(default="{}")
    """JSON: what else belongs to the act: a reason, a reference, a seal."""
    folded = models.TextField(blank=True)
    """What the text search looks through, without marks or case."""
    key = models.CharField(max_length=16)
    """Which of AUDIT_KEYS made the seal."""
    seal = models.CharField(max_length=64)
    """HMAC-SHA256 over everything above: an entry that the product did not write has none."""

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["object_type", "object_id", "id"], name="audit_by_object"),
            models.Index(fields=["action", "id"], name="audit_by_action"),
            models.Index(fields=["login", "id"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.login} {self.action} {self.object_label}"


class Link(models.Model):
    """The place of one entry in the chain; made right after the commit that brought the entry."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, related_name="link", db_constraint=False)
    content = models.CharField(max_length=64)
    """SHA-256 of the entry."""
    previous = models.CharField(max_length=64)
    """``hash`` of the link before; of the first link: START."""
    hash = models.CharField(max_length=64)
    """SHA-256 over all of the above."""
    key = models.CharField(max_length=16)
    mac = models.CharField(max_length=64)
    """HMAC-SHA256 of ``hash``: whoever may write to the database still cannot make a chain."""

    class Meta:
        ordering = ["sequence"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sequence}: {self.hash}"


START: Final = "0" * 64
