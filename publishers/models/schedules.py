"""When an approved release may begin to leave: named by the person who signed it, kept beside what was signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishers.models.releases import Release


class Schedule(models.Model):
    """The time of publication of one release. Until it has begun, its deliveries are held."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("schedule", "Scheduled")
        MISSED = "missed", pgettext_lazy("schedule", "Missed its time")
        BEGUN = "begun", pgettext_lazy("schedule", "Published")
        CANCELLED = "cancelled", pgettext_lazy("schedule", "Cancelled")
        SUPERSEDED = "superseded", pgettext_lazy("schedule", "Replaced by a newer version")

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="schedule")
    publish_at = models.DateTimeField(_("time of publication"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True)
    """When it was found that the time had passed; kept when a person then decided."""
    settled_at = models.DateTimeField(null=True)
    """When it began, was cancelled or replaced."""

    class Meta:
        verbose_name = _("time of publication")
        verbose_name_plural = _("times of publication")
        ordering = ["publish_at", "pk"]
        indexes = [
            models.Index(
                fields=["publish_at"], name="schedule_waiting", condition=Q(state__in=["waiting", "missed"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="schedule_state_known",
                condition=Q(state__in=["waiting", "missed", "begun", "cancelled", "superseded"]),
            ),
            models.CheckConstraint(
                name="settled_schedule_has_time",
                condition=Q(state__in=["waiting", "missed"], settled_at__isnull=True)
                | Q(state__in=["begun", "cancelled", "superseded"], settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.state} {self.publish_at:%Y-%m-%d %H:%M}"
