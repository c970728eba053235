"""«Dừng tất cả»: while a halt stands, nothing leaves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Halt(models.Model):
    """One use of the stop switch, kept as history."""

    reason = models.CharField(_("reason"), max_length=300)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_standing = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("halt")
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_standing"], condition=Q(is_standing=True), name="one_halt_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.reason
