"""Where warnings go, what exactly goes there, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishers import registry
from publishers.states import State


class Credential(models.Model):
    """The access of one account (a fanpage, a Zalo Official Account); the secrets are encrypted at rest."""

    class Health(models.TextChoices):
        OK = "ok", _("Connected")
        RECONNECT_REQUIRED = "reconnect_required", _("Must be reconnected")

    label = models.CharField(_("name of the account"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=40, choices=registry.account_choices)
    sealed_secrets = models.TextField(editable=False)
    expires_at = models.DateTimeField(_("access expires at"), null=True, blank=True, editable=False)
    health = models.CharField(
        _("connection"), max_length=20, choices=Health.choices, default=Health.OK, editable=False
    )
    health_note = models.CharField(max_length=300, blank=True, editable=False)
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


class Channel(models.Model):
    """One destination: the portal, a fanpage, a Zalo group."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=40, choices=registry.choices)
    remote_id = models.CharField(
        _("identifier on the platform"),
        max_length=120,
        blank=True,
        help_text=_("Page id, group id …; empty for the portal."),
    )
    credential = models.ForeignKey(
        Credential,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="channels",
        verbose_name=_("account"),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    chosen_by_default = models.BooleanField(_("chosen for new warnings"), default=False)
    paused_reason = models.CharField(_("paused because"), max_length=300, blank=True, editable=False)
    identity = models.JSONField(default=dict, editable=False)
    """What the last connection check showed: name, url, picture_url, detail."""
    checked_at = models.DateTimeField(_("last checked"), null=True, editable=False)
    check_error = models.CharField(max_length=300, blank=True, editable=False)
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
            )
        ]

    def __str__(self) -> str:
        return self.name


class Release(models.Model):
    """An approved revision, sealed: what was signed, by whom, for which channels."""

    page = models.ForeignKey(
        "scam_warnings.ScamWarningPage", on_delete=models.PROTECT, related_name="releases"
    )
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=30, unique=True)
    snapshot = models.JSONField()
    seal = models.CharField(max_length=64)
    """SHA-256 over the snapshot and every payload: what the approver's page showed."""
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
            models.UniqueConstraint(fields=["revision"], name="a_revision_is_sealed_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class Payload(models.Model):
    """Exactly what one channel gets. Never changed after it was sealed."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="payloads")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="payloads")
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


class Delivery(models.Model):
    """One payload on its way to one channel. The row is the truth; queues only wake workers."""

    payload = models.OneToOneField(Payload, on_delete=models.PROTECT, related_name="delivery")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DUE)
    urgent = models.BooleanField(default=False)
    next_attempt_at = models.DateTimeField(null=True)
    """When the system acts next: send, read back, or confirm."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lookups = models.PositiveSmallIntegerField(default=0)
    retried_after_lookup = models.BooleanField(default=False)
    first_sent_at = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.CharField(max_length=500, blank=True)
    duplicates = models.JSONField(default=list)
    error_code = models.CharField(max_length=60, blank=True)
    error_sentence = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["-urgent", "next_attempt_at"],
                name="delivery_next",
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["lease_until"], name="delivery_leases", condition=Q(state=State.SENDING)),
        ]
        constraints = [
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="published_has_proof",
                condition=~Q(state__in=[State.DELIVERED, State.CONFIRMED, State.WITHDRAWN])
                | (~Q(remote_id="") & Q(delivered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="confirmed_was_seen", condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="unsent_has_no_post",
                condition=~Q(
                    state__in=[
                        State.SCHEDULED,
                        State.DUE,
                        State.SENDING,
                        State.UNCONFIRMED,
                        State.FAILED,
                        State.CANCELLED,
                    ]
                )
                | (Q(remote_id="") & Q(delivered_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="failure_has_cause",
                condition=~Q(state__in=[State.FAILED, State.AWAITING_PERSON]) | ~Q(error_code=""),
            ),
            models.CheckConstraint(
                name="sending_has_lease",
                condition=~Q(state=State.SENDING) | (~Q(lease_token="") & Q(lease_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="waiting_has_time",
                condition=~Q(state__in=[State.SCHEDULED, State.DUE, State.UNCONFIRMED])
                | Q(next_attempt_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_has_no_time",
                condition=~Q(
                    state__in=[
                        State.CONFIRMED,
                        State.FAILED,
                        State.CANCELLED,
                        State.WITHDRAWN,
                        State.AWAITING_PERSON,
                    ]
                )
                | Q(next_attempt_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} → {self.channel_id}: {self.state}"


class Attempt(models.Model):
    """One call to a platform, written before it is made. Appended, never edited after its result."""

    class Action(models.TextChoices):
        SEND = "send", _("Send")
        READ_BACK = "read_back", _("Read back")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="log")
    number = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=10, choices=Action.choices)
    worker = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    """Empty while running, or for ever if the worker died: then the outcome is unknown."""
    code = models.CharField(max_length=60, blank=True)
    sentence = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["delivery", "number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempts_are_numbered")]

    def __str__(self) -> str:
        return f"{self.delivery_id}#{self.number} {self.action} {self.outcome}"
