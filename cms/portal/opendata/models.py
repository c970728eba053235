"""The line of public changes: one row each time a release became what the public reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChangeKind(models.TextChoices):
    """What happened to a warning; the values stand in the public data."""

    PUBLISHED = "published", pgettext_lazy("portal", "Published")
    UPDATED = "updated", pgettext_lazy("portal", "Updated")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PublicChange(models.Model):
    """One release that became public. Written beside the read model, in its transaction; never changed."""

    warning = models.ForeignKey("portal.PublishedWarning", on_delete=models.PROTECT, related_name="changes")
    release = models.OneToOneField("publishers.Release", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    at = models.DateTimeField()
    """When it became public, which may be long after it was signed."""

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        ordering = ["pk"]
        indexes = [models.Index(fields=["warning", "at"], name="changes_of_warning")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}"
