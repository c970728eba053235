"""The warning itself. Every text in it is a draft until an approver signed exactly these bytes."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision, WorkflowState
from wagtail.search import index

from cms.core.sanitise import RICH_TEXT, clean_html, plain_text
from cms.core.text import collapse, fold, nfc, slug
from scam_warnings import blocks, lifecycle, references
from scam_warnings.agency import AgencySettings
from scam_warnings.compose import neutral_sample
from scam_warnings.counted import (
    FACEBOOK_BODY,
    LOUDSPEAKER_LIMIT,
    TITLE_LIMIT,
    ZALO_BODY,
    AtMostUnits,
    fits_one_sms,
)
from scam_warnings.english import EnglishText
from scam_warnings.enums import Severity
from scam_warnings.forms import ScamWarningForm
from scam_warnings.indicators import indicator_blocks, mask_all
from scam_warnings.official_sources import OfficialSource
from scam_warnings.panels import warning_edit_handler
from scam_warnings.permissions import FixedPagePermissionTester, WarningPermissionTester
from scam_warnings.references import ReferenceCounter
from scam_warnings.review_date import usual_review_date
from scam_warnings.taxonomy import (
    Audience,
    ContentCategory,
    Hotline,
    ScamType,
    ScamTypeGroup,
    SourceKind,
)
from scam_warnings.wide_relation import WideManyToManyField

__all__ = [
    "AgencySettings",
    "Audience",
    "ContentCategory",
    "Contribution",
    "Hotline",
    "OfficialSource",
    "ReferenceCounter",
    "ScamType",
    "ScamTypeGroup",
    "ScamWarningPage",
    "SourceKind",
    "WarningIndexPage",
]

WARNINGS_SLUG = "canh-bao"
# /canh-bao/trang/2/ is the second page of the list.
RESERVED_SLUGS = frozenset({"trang"})
_PLAIN_FIELDS = (
    "title",
    "summary",
    "correction_note",
    "facebook_text",
    "zalo_text",
    "sms_text",
    "loudspeaker_script",
)


def _other_than_portal() -> models.Q:
    # Not choices: every warning has its permanent address on the portal, and an entry in its feeds.
    return models.Q(is_active=True) & ~models.Q(kind__in=("portal", "feed"))


class WarningIndexPage(Page):
    """The place in the tree where warnings live; its public face is the portal's list."""

    subpage_types = ["scam_warnings.ScamWarningPage"]
    max_count = 1

    class Meta:
        verbose_name = _("list of warnings")

    def permissions_for_user(self, user: Any) -> FixedPagePermissionTester:
        return FixedPagePermissionTester(user, self)


class ScamWarningPage(Page, EnglishText):
    """One warning: what happens, how to tell, what to do, what to do afterwards, and its form per channel."""

    # Null, not empty, until the first save: several unsaved pages may have none, and the rest are unique.
    code = models.CharField(  # noqa: DJ001
        _("reference code"), max_length=20, unique=True, null=True, editable=False
    )
    unit = models.ForeignKey(
        "users.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("The unit this warning belongs to: its people see it, its approver decides."),
    )
    """Null: the province. Decided when the warning is made, not by a revision."""
    summary = models.TextField(
        _("summary"),
        validators=[MaxLengthValidator(200)],
        help_text=_("One or two sentences a reader understands at a glance."),
    )
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity.choices, default=Severity.CAUTION
    )
    scam_type = models.ForeignKey(
        ScamType, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("scam type")
    )
    category = models.ForeignKey(
        ContentCategory, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    audiences = ParentalManyToManyField(Audience, related_name="+", verbose_name=_("audiences"))
    how_it_works = StreamField(
        blocks.points(), verbose_name=_("How it works"), min_num=1, max_num=8, default=blocks.empty_point
    )
    warning_signs = StreamField(
        blocks.points(), verbose_name=_("Warning signs"), min_num=1, max_num=8, default=blocks.empty_point
    )
    what_to_do = StreamField(
        blocks.points(), verbose_name=_("What to do"), min_num=1, max_num=8, default=blocks.empty_point
    )
    if_you_are_a_victim = StreamField(
        blocks.points(),
        verbose_name=_("If you are a victim"),
        min_num=1,
        max_num=8,
        default=blocks.empty_point,
    )
    details = RichTextField(
        _("further information"), blank=True, features=["h3", "bold", "italic", "ul", "ol", "link"]
    )
    sample_message = models.TextField(
        _("sample scam message"),
        blank=True,
        validators=[MaxLengthValidator(800)],
        help_text=_("Always shown as an example; web addresses are made unclickable when you save."),
    )
    sources = StreamField(
        blocks.sources(), verbose_name=_("Sources"), min_num=1, max_num=10, default=blocks.empty_source
    )
    indicators = StreamField(
        indicator_blocks(),
        verbose_name=_("Indicators"),
        blank=True,
        max_num=20,
        help_text=_("What readers may recognise the scam by. Shown masked, never clickable."),
    )
    hashtags = models.CharField(
        _("hashtags"),
        max_length=160,
        blank=True,
        validators=[
            RegexValidator(
                r"^(#\w{2,40})?( #\w{2,40}){0,5}\Z",
                _("Up to six hashtags such as #CanhBaoLuaDao, with spaces between."),
            )
        ],
    )
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("image"),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    expires_on = models.DateField(_("valid until the end of"), null=True, blank=True)
    review_on = models.DateField(
        _("review on"),
        null=True,
        blank=True,
        help_text=_("When somebody checks whether the warning still holds. Empty: set by the severity."),
    )
    facebook_text = models.TextField(_("Facebook post"), blank=True, validators=[AtMostUnits(FACEBOOK_BODY)])
    zalo_text = models.TextField(_("Zalo message"), blank=True, validators=[AtMostUnits(ZALO_BODY)])
    correction_note = models.CharField(
        _("what was corrected (public)"),
        max_length=300,
        blank=True,
        help_text=_(
            "Only for a correction of a published warning. With it every channel is told: posts are edited or "
            "get a correction. Without it posts are updated silently where that is possible."
        ),
    )
    sms_text = models.TextField(_("SMS"), blank=True, validators=[fits_one_sms])
    loudspeaker_script = models.TextField(
        _("loudspeaker script"), blank=True, validators=[AtMostUnits(LOUDSPEAKER_LIMIT)]
    )
    channels: Any = WideManyToManyField(
        "publishers.Channel",
        blank=True,
        related_name="+",
        verbose_name=_("channels"),
        limit_choices_to=_other_than_portal,
    )

    parent_page_types = ["scam_warnings.WarningIndexPage"]
    subpage_types: list[str] = []
    base_form_class = ScamWarningForm
    edit_handler = warning_edit_handler()
    exclude_fields_in_copy = [
        "code",
        "contributions",
        "correction_note",
        "correction_note_en",
        "locked",
        "locked_at",
        "locked_by",
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_title"),
        index.FilterField("severity"),
        index.FilterField("scam_type"),
    ]

    class Meta:
        verbose_name = _("scam warning")
        verbose_name_plural = _("scam warnings")

    @classmethod
    def create_draft(cls, **values: Any) -> "ScamWarningPage":
        """An unsaved, non-public warning. Wagtail's own default would be a live page."""
        return cls(**{"live": False, "has_unpublished_changes": True, **values})

    def folded_text(self) -> str:
        """What the admin's search index holds: title, summary and code, with and without marks."""
        words = f"{self.title} {self.summary} {self.code or ''}"
        return f"{words} {fold(words)}"

    def folded_title(self) -> str:
        """The title with and without marks, for search while typing."""
        return f"{self.title} {fold(self.title)}"

    def get_workflow(self) -> Any:
        """The workflow for this unit and severity; the editorial side knows which, and is reached by name only."""
        workflow = super().get_workflow()
        if workflow is None or self.pk is None:
            return workflow
        return import_string(settings.APPROVAL_WORKFLOW)(self) or workflow

    def permissions_for_user(self, user: Any) -> WarningPermissionTester:
        return WarningPermissionTester(user, self)

    @property
    def is_closed(self) -> bool:
        """Refused for good: the lock has no owner, so that nobody opens it; the refusal stays with the warning."""
        return bool(self.locked) and self.locked_by_id is None

    @property
    def status_string(self) -> Any:
        """Wagtail's status, but a returned warning says so instead of looking like any draft."""
        state = self.current_workflow_state
        if not self.live and state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            return _("returned")
        return super().status_string

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The portal page, and the warning as every other form of channel shows it."""
        return [
            ("portal", _("Portal page")),
            ("english", _("Portal page in English")),
            ("facebook", _("Facebook post")),
            ("zalo", _("Zalo message")),
            ("sms", _("SMS")),
            ("loudspeaker", _("Loudspeaker script")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft as readers would see it; composed by the code that seals the real thing."""
        from scam_warnings.previews import preview

        return preview(request, self, mode_name)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._normalise()
        if not self.slug:  # type: ignore[has-type]
            self.slug = self._free_slug()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.valid_from and self.expires_on and self.expires_on < self.valid_from:
            errors["expires_on"] = _("The warning would expire before it becomes valid.")
        if len(self.title) > TITLE_LIMIT:
            errors["title"] = _("The title has %(length)d characters; at most %(limit)d are allowed.") % {
                "length": len(self.title),
                "limit": TITLE_LIMIT,
            }
        if self.slug in RESERVED_SLUGS:
            errors["slug"] = _("The portal uses this address itself. Choose another one.")
        if self.first_published_at and self._published_slug() not in {None, self.slug}:
            errors["slug"] = _("The address of a published warning is permanent and cannot change.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.code:
            self.code = references.next_code()
        if self.live and not type(self).objects.filter(pk=self.pk, live=True).exists():
            lifecycle.require_sealed(self.pk)
        if self.go_live_at or self.expire_at:  # type: ignore[has-type]
            # Wagtail's scheduler would publish or unpublish past the approval.
            self.go_live_at = self.expire_at = None
        return super().save(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Wagtail's door to the public, open only for a sealed release."""
        lifecycle.require_sealed(self.pk)
        super().publish(revision, *args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Closed: a published warning is corrected or withdrawn in public, it never just disappears."""
        lifecycle.require_sealed(self.pk)
        super().unpublish(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "ScamWarningPage":
        """The page as a revision has it; the unit stays what it is now, whatever merged since."""
        page: ScamWarningPage = super().with_content_json(content)
        page.unit_id = self.unit_id
        return page

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Also remembers who wrote: they can never approve what they had a hand in."""
        kwargs["approved_go_live_at"] = None
        revision = super().save_revision(*args, **kwargs)
        reverted_to = kwargs.get("previous_revision")
        authors = {revision.user_id}
        if reverted_to is not None:
            authors |= set(
                Revision.objects.for_instance(self)
                .filter(created_at__lte=reverted_to.created_at)
                .values_list("user_id", flat=True)
            )
        for author in authors - {None}:
            Contribution.objects.update_or_create(
                page_id=self.pk, user_id=author, defaults={"latest_at": revision.created_at}
            )
        return revision

    def _normalise(self) -> None:
        for name in _PLAIN_FIELDS:
            value = getattr(self, name)
            if value:
                setattr(self, name, plain_text(value) if "<" in value else nfc(value).strip())
        for name in ("title", "summary", "correction_note"):
            setattr(self, name, collapse(getattr(self, name) or ""))
        self.details = clean_html(self.details, RICH_TEXT) if self.details else ""
        self.sample_message = neutral_sample(self.sample_message or "")
        self.normalise_english()
        self.hashtags = " ".join((self.hashtags or "").split())
        if self.indicators:
            self.indicators = mask_all(self.indicators)
        if self.review_on is None:
            self.review_on = usual_review_date(self.severity, timezone.localdate())

    def _free_slug(self) -> str:
        base = slug(self.title) or "canh-bao"
        taken = set(
            self.get_siblings(inclusive=False).filter(slug__startswith=base).values_list("slug", flat=True)
            if self.path
            else type(self).objects.filter(slug__startswith=base).values_list("slug", flat=True)
        )
        if base not in taken:
            return base
        return next(
            f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken
        )

    def _published_slug(self) -> str | None:
        return type(self).objects.filter(pk=self.pk).values_list("slug", flat=True).first()


class Contribution(models.Model):
    """Who wrote any part of a warning, and when last."""

    page = models.ForeignKey(ScamWarningPage, on_delete=models.CASCADE, related_name="contributions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    latest_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="one_contribution_per_author")]

    def __str__(self) -> str:
        return f"{self.user} → {self.page}"
