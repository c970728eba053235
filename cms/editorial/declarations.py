"""«Không thuộc bí mật nhà nước»: who declared it, when, in which words, about exactly which content."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import override, pgettext_lazy

from wagtail.models import Revision

from cms.editorial.forms import DECLARATION
from scam_warnings.models import ScamWarningPage
from scam_warnings.snapshot import canonical_hash


class SecrecyDeclaration(models.Model):
    """One declaration. It is written once, and never changed."""

    class Stage(models.TextChoices):
        """At which step it was given."""

        SUBMISSION = "submission", pgettext_lazy("a declaration", "Submission")
        APPROVAL = "approval", pgettext_lazy("a declaration", "Approval")

    page = models.ForeignKey(ScamWarningPage, on_delete=models.CASCADE, related_name="declarations")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    content_hash = models.CharField(max_length=64)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=250)
    """What the person was called on that day."""
    text = models.CharField(max_length=300)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["declared_at", "pk"]
        indexes = [models.Index(fields=["page", "content_hash"], name="declarations_of_content")]

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            self._refuse()
        super().save(*args, **kwargs)

    @staticmethod
    def _refuse() -> NoReturn:
        raise TypeError("a declaration is never changed")


def content_hash(revision: Revision) -> str:
    """SHA-256 hex of what ``revision`` says; the submission page carries it, so that nobody declares unread words."""
    return canonical_hash(revision.content)


def declare(page: ScamWarningPage, revision: Revision, user: Any, stage: str) -> SecrecyDeclaration:
    """Store that ``user`` declared ``revision`` of ``page`` free of state secrets, in the site's language."""
    with override(settings.LANGUAGE_CODE):
        text = str(DECLARATION)
    return SecrecyDeclaration.objects.create(
        page=page,
        revision=revision,
        content_hash=content_hash(revision),
        stage=stage,
        user=user,
        name=user.get_full_name() or user.get_username(),
        text=text,
    )


def declarations_for(page: ScamWarningPage, revision: Revision) -> models.QuerySet[SecrecyDeclaration]:
    """What was declared about exactly this content, oldest first."""
    return SecrecyDeclaration.objects.filter(page=page, content_hash=content_hash(revision))
