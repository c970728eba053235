"""Standing content: a draft people write, and the sealed editions the public reads. Nothing leads from one to the
other but an approval by somebody who wrote none of it."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail.fields import StreamField

from cms.core.text import collapse, nfc, slug
from cms.information.blocks import body_blocks
from cms.information.kinds import RESERVED_SLUGS, SINGLE, WITH_OWN_FORM, Kind
from cms.information.selfcheck import blocks as check_blocks
from cms.portal import addresses

_PLAIN: Final = ("title", "summary", "title_en", "summary_en", "number", "issuer")
NEVER_PUBLIC = _("Never public")


class State(models.TextChoices):
    """How the draft stands; what is public is another matter (``Item.edition``)."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


class Item(models.Model):
    """What every piece of standing content has; belongs to the province."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    slug = models.CharField(
        _("address"),
        max_length=80,
        blank=True,
        validators=[
            RegexValidator(
                rf"^{addresses.SLUG_PATTERN}\Z", _("Use lower-case letters a–z, digits and single hyphens.")
            )
        ],
        help_text=_("Empty: made from the title. Permanent once it was public."),
    )
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(
        _("summary"),
        validators=[MaxLengthValidator(400)],
        help_text=_("One or two sentences; they stand in lists and below the title."),
    )
    body = StreamField(body_blocks(), verbose_name=_("content"), blank=True)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    summary_en = models.TextField(_("English summary"), blank=True, validators=[MaxLengthValidator(400)])
    body_en = StreamField(body_blocks(accounts=False), verbose_name=_("English content"), blank=True)
    position = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Small numbers come first in the list.")
    )
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    """Counts saves: a form that was opened on an older one is refused."""
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=2000, blank=True, editable=False)
    """Why it was returned."""
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("portal content")
        verbose_name_plural = _("portal content")
        ordering = ["kind", "position", "title"]
        permissions = [("approve_item", "Can approve portal content")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="one_item_per_address",
                violation_error_message=_("This address is taken."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def edition(self) -> "Edition | None":
        """What the public reads now, also when it is a withdrawal."""
        return self.editions.filter(is_current=True).first()

    @property
    def public_status(self) -> Any:
        """What became of it, in a word or two for the list."""
        edition = self.edition
        if edition is None:
            return NEVER_PUBLIC
        return _("Withdrawn") if edition.withdrawn else _("Edition %d") % edition.number

    @property
    def is_locked(self) -> bool:
        """What waits for approval is changed by nobody."""
        return self.state == State.WAITING

    @property
    def specific(self) -> "Item":
        """The document of law, the self-check or the page this is."""
        for name in ("lawdocument", "selfcheck", "standingpage"):
            found = getattr(self, name, None)
            if found is not None:
                return found
        return self

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        for name in _PLAIN:
            if isinstance(getattr(self, name, None), str):
                setattr(self, name, collapse(nfc(getattr(self, name))))
        if self.kind in SINGLE:
            self.slug = SINGLE[self.kind]
        elif not self.slug:
            self.slug = slug(self.title)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        edition = self.edition if self.pk else None
        if edition is not None and (edition.kind, edition.slug) != (self.kind, self.slug):
            errors["slug"] = _("The address of what was public is permanent and cannot change.")
        if self.slug in RESERVED_SLUGS:
            errors["slug"] = _("The portal uses this address itself. Choose another one.")
        if not self.slug:
            errors["slug"] = _("The title gives no address. Type one in.")
        if (self.summary_en or self.body_en) and not self.title_en:
            errors["title_en"] = _("An English version needs a title.")
        if errors:
            raise ValidationError(errors)


class StandingPage(Item):
    """A page of handbook, results, collections, scam types, or about the agency."""

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    def clean(self) -> None:
        super().clean()
        from scam_warnings.taxonomy import ScamType

        if self.kind in WITH_OWN_FORM:
            raise ValidationError({"kind": _("Documents of law and the self-check have lists of their own.")})
        if self.kind == Kind.SCAM_TYPE and not ScamType.objects.filter(key=self.slug).exists():
            raise ValidationError({"slug": _("The address is the key of a scam type of the taxonomy.")})


class LawDocument(Item):
    """A law, decree, directive or plan that may be publicised."""

    class DocumentType(models.TextChoices):
        LAW = "law", _("Law (document)")
        DECREE = "decree", _("Decree")
        CIRCULAR = "circular", _("Circular")
        DIRECTIVE = "directive", _("Directive")
        PLAN = "plan", _("Plan")
        LETTER = "letter", _("Official letter")
        OTHER = "other", _("Other document")

    document_type = models.CharField(_("type of document"), max_length=12, choices=DocumentType.choices)
    number = models.CharField(
        _("number and symbol"), max_length=60, help_text=_("As printed: 116/2025/QH15.")
    )
    issuer = models.CharField(_("issued by"), max_length=160, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    ended_on = models.DateField(_("no longer in force since"), null=True, blank=True)
    source_url = models.URLField(
        _("official text"),
        max_length=500,
        blank=True,
        help_text=_("Address of the full text on an official site."),
    )

    class Meta:
        verbose_name = _("legal document")
        verbose_name_plural = _("legal documents")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Kind.LAW
        if not self.slug and self.number:
            self.slug = slug(self.number)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.in_force_from and self.ended_on and self.ended_on < self.in_force_from:
            raise ValidationError({"ended_on": _("It would end before it is in force.")})


class SelfCheck(Item):
    """«Tôi có đang bị lừa không?»: there is one."""

    questions = StreamField(
        [("question", check_blocks.QuestionBlock())],
        verbose_name=_("questions"),
        max_num=40,
        collapsed=True,
        help_text=_(
            "The first question opens the check. Every answer leads to another question or to an outcome."
        ),
    )
    outcomes = StreamField(
        [("outcome", check_blocks.OutcomeBlock())],
        verbose_name=_("outcomes"),
        max_num=60,
        collapsed=True,
        help_text=_("Where the ways end. An outcome says what the answers show, and what to do now."),
    )
    signs = StreamField(
        [("sign", check_blocks.SignBlock())],
        verbose_name=_("signs in a message"),
        blank=True,
        max_num=40,
        collapsed=True,
        help_text=_("What a pasted message is compared with, besides the published warnings."),
    )
    advice_clear = models.TextField(
        _("advice when a message shows clear signs"), validators=[MaxLengthValidator(300)]
    )
    advice_unsure = models.TextField(
        _("advice when a message shows some signs"), validators=[MaxLengthValidator(300)]
    )
    advice_none = models.TextField(
        _("advice when a message resembles nothing known"),
        validators=[MaxLengthValidator(300)],
        help_text=_("Above it stands: “Not in our collection – which does not mean it is safe”."),
    )

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-check")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.kind = Kind.SELF_CHECK
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        from cms.information.selfcheck import composing, placing, rules

        errors = placing.errors(rules.faults(composing.compose(self)))
        if errors:
            raise ValidationError(errors)


class Contribution(models.Model):
    """Who wrote any part of what the edition ``number`` will be; only ever added to."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="contributions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "user", "number"], name="one_contribution_per_edition")
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.item_id}/{self.number}"


class Edition(models.Model):
    """What was approved, byte for byte: the only thing public pages are drawn from. Written by approval.py only."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    slug = models.CharField(max_length=80)
    content = models.JSONField()
    """See content.py; for a withdrawal that of the edition it takes back."""
    seal = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)
    mac_key = models.CharField(max_length=16)
    """Nobody without AUDIT_KEYS makes a row the portal accepts."""
    withdrawn = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    """Why it was withdrawn; public."""
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    declaration = models.CharField(max_length=300)
    approved_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(is_current=True), name="one_current_edition"
            ),
            models.UniqueConstraint(
                fields=["kind", "slug"], condition=models.Q(is_current=True), name="one_edition_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


class Featured(models.Model):
    """Which warnings the current edition of an item shows: so a publication finds its collections."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="featured")
    page = models.ForeignKey("scam_warnings.ScamWarningPage", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "page"], name="featured_once")]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.page_id}"
