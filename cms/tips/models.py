"""A tip and what belongs to it. What a citizen wrote is encrypted at rest and stands in no other table or log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.intake.languages import Language


class State(models.TextChoices):
    """How far staff are with a tip."""

    NEW = "new", pgettext_lazy("tip", "New")
    IN_WORK = "in_work", _("In work")
    USED = "used", _("Used for a warning")
    NOT_RELEVANT = "not_relevant", _("Not relevant")
    PASSED = "passed", _("Passed to the police")


OPEN = (State.NEW, State.IN_WORK)
"""Somebody still has to do something."""


class Tip(models.Model):
    """What one citizen told. No account, no network address; how to reach them only if they wished it."""

    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the receipt code, which only the citizen has (receipts.py)."""
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.NEW)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    """Why it is not relevant, or to whom it was passed. For staff."""
    state_at = models.DateTimeField()
    unit = models.ForeignKey(
        "users.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
    )
    """Where it happened; null: not known, for the province to look at."""
    scam_type = models.ForeignKey(
        "scam_warnings.ScamType",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("scam type"),
    )
    is_harmed = models.BooleanField(_("money or codes are gone"), null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    sealed_story = models.TextField(blank=True, editable=False)
    """JSON of Story (story.py), encrypted; empty once erased."""
    sealed_contact = models.TextField(blank=True, editable=False)
    consent_version = models.CharField(max_length=20)
    """Which text the citizen agreed to (consent.py)."""
    language = models.CharField(
        _("language of the form"), max_length=5, choices=Language.choices, default=Language.VIETNAMESE
    )
    """And so of the text that was agreed to."""
    consent_at = models.DateTimeField()
    contact_erased_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    """When all that the citizen wrote was erased: after its term, or because they asked for it."""

    class Meta:
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="tips_by_state"),
            models.Index(fields=["scam_type", "unit", "state"], name="tips_by_group"),
            models.Index(fields=["-received_at", "-id"], name="tips_newest"),
        ]
        permissions = [("see_contact", _("Can see how to reach a citizen who sent a tip"))]

    def __str__(self) -> str:
        return _now("Tip %(number)d") % {"number": self.pk or 0}

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Picture(models.Model):
    """A picture that came with a tip: re-encoded, without notes, encrypted."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="pictures")
    sealed = models.BinaryField(editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("picture of a tip")
        verbose_name_plural = _("pictures of tips")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


class HeldPicture(models.Model):
    """A picture of a form that is not sent yet: browsers do not give files back when a form has a mistake."""

    token_digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


class Mark(models.Model):
    """A number, address or account named in a tip. Found again by its keyed digest, shown masked."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=20)
    """A kind of scam_warnings.indicators."""
    digest = models.CharField(max_length=64)
    shown = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tip", "digest"], name="a_mark_once_for_a_tip")]
        indexes = [models.Index(fields=["digest"], name="tips_with_mark")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.shown


class Note(models.Model):
    """What staff wrote about a tip, for staff."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.TextField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.tip_id} {self.at:%Y-%m-%d %H:%M}"


class TipUse(models.Model):
    """A warning that was drafted from a tip."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="uses")
    page = models.ForeignKey(
        "scam_warnings.ScamWarningPage", on_delete=models.CASCADE, related_name="tip_uses"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["tip", "page"], name="a_tip_once_for_a_warning")]

    def __str__(self) -> str:
        return f"{self.tip_id} → {self.page_id}"
