"""One payload on its way to one channel: the state, the calls, the steps."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishers.models.channels import Channel
from publishers.models.releases import Payload, Release
from publishers.states import State


class Delivery(models.Model):
    """One payload on its way to one channel. The row is the truth; queues only wake workers."""

    payload = models.OneToOneField(Payload, on_delete=models.PROTECT, related_name="delivery")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DUE)
    urgent = models.BooleanField(default=False)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    """The delivery whose post this one edits, deletes or follows up; it must have come to rest first."""
    turn = models.PositiveIntegerField(default=0)
    """Place in the queue of its account: accounts take turns, so a long queue does not starve the others."""
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
    notice = models.CharField(max_length=300, blank=True)
    """What a person should know although it worked."""
    figures_at = models.DateTimeField(null=True)
    """When the figures of this post are collected next; null: never again."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["-urgent", "turn", "next_attempt_at", "id"],
                name="delivery_next",
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["release", "state"], name="delivery_of_release"),
            models.Index(fields=["channel", "created_at"], name="delivery_of_channel"),
            models.Index(fields=["channel", "remote_id"], name="post_of_channel", condition=~Q(remote_id="")),
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
        EDIT = "edit", _("Edit the post")
        DELETE = "delete", _("Delete the post")
        READ_BACK = "read_back", _("Read back")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="log")
    number = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=10, choices=Action.choices)
    worker = models.CharField(max_length=80)
    request = models.JSONField(default=dict)
    """What was asked for, without secrets: operation, destination, length of the text, hashes of pictures."""
    started_at = models.DateTimeField()
    guarded_at = models.DateTimeField(null=True)
    """When the one call began that makes something visible; null: it surely never began."""
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

    @property
    def seconds(self) -> float | None:
        """How long the call took; None while it runs, or for ever if its worker died."""
        if self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Transition(models.Model):
    """One step of a delivery from state to state: who or what made it, and why. Appended, never edited."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    before = models.CharField(max_length=20, choices=State.choices, blank=True)
    after = models.CharField(max_length=20, choices=State.choices)
    actor = models.CharField(max_length=120, blank=True)
    """The worker, or the name of the person."""
    code = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["delivery", "pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.before} → {self.after}"
