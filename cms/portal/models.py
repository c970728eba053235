"""What is public: the home page of the tree, and the one read model behind every public page."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail.models import Page

from cms.portal import addresses
from scam_warnings.enums import Severity
from scam_warnings.permissions import FixedPagePermissionTester
from scam_warnings.snapshot import Snapshot


class HomePage(Page):
    """The root of the portal's tree; its public face is the portal's home."""

    subpage_types = ["scam_warnings.WarningIndexPage"]
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    def permissions_for_user(self, user: Any) -> FixedPagePermissionTester:
        return FixedPagePermissionTester(user, self)


class PublicState(models.TextChoices):
    """How a public warning stands today."""

    PUBLISHED = "published", pgettext_lazy("portal", "Published")
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class InEnglish(models.TextChoices):
    """Whether a public warning has an English version."""

    NEVER = "never", _("Never had an English version")
    NOW = "now", _("Has an English version")
    BEFORE = "before", _("Had an English version before")
    """Its English address says so, and leads to the Vietnamese page."""


class PublishedWarning(models.Model):
    """One public warning, exactly as sealed. Written by the portal delivery only (publishing.py)."""

    page = models.OneToOneField(
        "scam_warnings.ScamWarningPage", on_delete=models.PROTECT, related_name="published"
    )
    release = models.ForeignKey("publishers.Release", on_delete=models.PROTECT, related_name="+")
    release_number = models.PositiveIntegerField()
    code = models.CharField(max_length=30, unique=True)
    """The reference without a release number: CB-2026-00123."""
    slug = models.CharField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    summary = models.TextField()
    severity = models.CharField(max_length=10, choices=Severity.choices)
    scam_type_key = models.CharField(max_length=60)
    scam_type_name = models.CharField(max_length=160)
    scam_type_official_no = models.PositiveSmallIntegerField(null=True)
    group_key = models.CharField(max_length=60)
    group_name = models.CharField(max_length=160)
    snapshot = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    is_old = models.BooleanField(default=False)
    """It went out of force (expiring.py marks it); lists put it last."""
    state = models.CharField(max_length=10, choices=PublicState.choices, default=PublicState.PUBLISHED)
    english = models.CharField(max_length=10, choices=InEnglish.choices, default=InEnglish.NEVER)
    note = models.CharField(max_length=300, blank=True)
    """What was corrected, or why it was withdrawn."""
    title_marked = models.TextField()
    title_folded = models.TextField()
    text_marked = models.TextField()
    text_folded = models.TextField()
    """The four columns search looks into (search.py says how they are written)."""

    class Meta:
        verbose_name = _("public warning")
        verbose_name_plural = _("public warnings")
        ordering = ["is_old", "-published_at", "-pk"]
        indexes = [
            models.Index(fields=["is_old", "-published_at", "-id"], name="public_newest"),
            models.Index(fields=["scam_type_key", "is_old", "-published_at"], name="public_by_type"),
            models.Index(fields=["group_key", "is_old", "-published_at"], name="public_by_group"),
            models.Index(fields=["severity", "is_old", "-published_at"], name="public_by_severity"),
            models.Index(fields=["english", "is_old", "-published_at", "-id"], name="public_in_english"),
            # Whatever a publication counts is answered from these alone: the rows hold whole warnings.
            models.Index(fields=["state", "scam_type_key"], name="public_counted"),
            models.Index(
                fields=[
                    "group_key",
                    "group_name",
                    "scam_type_key",
                    "scam_type_name",
                    "scam_type_official_no",
                    "published_at",
                    "state",
                    "id",
                ],
                name="public_types",
            ),
            models.Index(
                fields=["group_key", "scam_type_key", "is_old", "-published_at", "-id", "slug", "state"],
                name="public_related",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        """Where the public reads it."""
        return addresses.warning(self.slug)

    @property
    def english_path(self) -> str:
        """Where the public reads its English version, or read it; empty when it never had one."""
        return "" if self.english == InEnglish.NEVER else addresses.english_warning(self.slug)

    @property
    def is_in_english(self) -> bool:
        return self.english == InEnglish.NOW

    @property
    def is_withdrawn(self) -> bool:
        return self.state == PublicState.WITHDRAWN

    def is_expired(self, today: dt.date | None = None) -> bool:
        """True from the day after ``expires_on`` (local dates)."""
        return self.expires_on is not None and self.expires_on < (today or timezone.localdate())

    def content(self) -> Snapshot:
        """The sealed snapshot."""
        return Snapshot.from_json(self.snapshot)


class PublishedAudience(models.Model):
    """For whom a public warning is, as sealed; only audiences of the public. Written by audiences.py."""

    warning = models.ForeignKey(PublishedWarning, on_delete=models.CASCADE, related_name="audiences")
    key = models.CharField(max_length=60, db_index=True)
    name = models.CharField(max_length=160)

    class Meta:
        verbose_name = _("audience of a public warning")
        verbose_name_plural = _("audiences of public warnings")
        constraints = [models.UniqueConstraint(fields=["warning", "key"], name="public_audience_once")]

    def __str__(self) -> str:
        return self.name


class FeedEntry(models.Model):
    """One entry of the RSS and Atom feeds. Written by feed deliveries only (feeds.py)."""

    page = models.OneToOneField(
        "scam_warnings.ScamWarningPage", on_delete=models.PROTECT, related_name="feed_entry"
    )
    release = models.ForeignKey("publishers.Release", on_delete=models.PROTECT, related_name="+")
    release_number = models.PositiveIntegerField()
    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField()
    link = models.CharField(max_length=500)
    category = models.CharField(max_length=160, blank=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["-updated_at", "-id"], name="feed_newest")]

    def __str__(self) -> str:
        return self.title
