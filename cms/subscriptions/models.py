"""Who wants warnings by e-mail, what there was to tell, and one letter for each of both."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.intake.languages import Language
from scam_warnings.enums import Severity


class Subscriber(models.Model):
    """One address that wants warnings. Deleted, not marked, when its owner leaves."""

    key = models.CharField(max_length=32, unique=True, editable=False)
    """Stands in the links of letters; says nothing about the address."""
    address_digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed_address = models.TextField(editable=False)
    least = models.CharField(
        _("severity from"), max_length=10, choices=Severity.choices, default=Severity.INFO
    )
    unit = models.ForeignKey(
        "users.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
    )
    """Whose own warnings come besides those of the province; null: those of every unit."""
    all_types = models.BooleanField(default=True)
    types = models.ManyToManyField("scam_warnings.ScamType", related_name="+", blank=True)
    """Which types, unless ``all_types``."""
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.VIETNAMESE
    )
    """Of the letters, and of the pages behind their links."""
    consent_version = models.CharField(max_length=20)
    consent_language = models.CharField(max_length=5, choices=Language.choices, default=Language.VIETNAMESE)
    """Of the text that was agreed to; stays when letters come in another one later."""
    consent_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], name="confirmed_ones", condition=Q(confirmed_at__isnull=False)),
            models.Index(
                fields=["asked_at"], name="unconfirmed_ones", condition=Q(confirmed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Notice(models.Model):
    """Something subscribers are told once: a release the portal shows."""

    release = models.OneToOneField("publishers.Release", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reached = models.PositiveBigIntegerField(default=0)
    """Letters are written down up to the subscriber with this number."""
    is_complete = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.release)


class Letter(models.Model):
    """One e-mail to one subscriber. The row is there before the letter leaves, and says how it ended."""

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Please confirm")
        ALREADY = "already", _("Subscribed already")
        NOTICE = "notice", _("Notice")

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("letter", "Waiting to be sent")
        SENDING = "sending", pgettext_lazy("letter", "Sending")
        SENT = "sent", pgettext_lazy("letter", "Sent")
        REFUSED = "refused", pgettext_lazy("letter", "Refused")
        UNKNOWN = "unknown", pgettext_lazy("letter", "Outcome unknown")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="letters")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "subscriber"],
                name="one_letter_for_a_notice",
                condition=Q(notice__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_state_known",
                condition=Q(state__in=["pending", "sending", "sent", "refused", "unknown"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-urgent", "due_at", "id"], name="letters_next", condition=Q(state="pending")
            ),
            models.Index(fields=["claimed_at"], name="letters_sending", condition=Q(state="sending")),
            models.Index(fields=["notice", "state"], name="letters_of_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → #{self.subscriber_id}: {self.state}"
