"""The words warnings are sorted by. Editable data: new scam types appear every month."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.core.text import fold

_key_validator = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use lower-case letters a–z, digits and single hyphens.")
)


class Term(index.Indexed, models.Model):
    """A named entry with a stable key; the name may change, the key stands in addresses and reports."""

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[_key_validator],
        help_text=_("Stands in web addresses and reports; do not change it later."),
    )
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(
        _("name in English"),
        max_length=160,
        blank=True,
        help_text=_("For the English pages. Empty: the Vietnamese name stands there too."),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)

    panels = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("key"), FieldPanel("sort_order")]
    search_fields = [
        index.SearchField("folded_name"),
        index.AutocompleteField("folded_name"),
        # What the lists sort and filter by while something is searched in them.
        *map(index.FilterField, ("key", "name", "name_en", "sort_order")),
    ]

    class Meta:
        abstract = True
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def english_name(self) -> str:
        """What an English page calls it."""
        return self.name_en or self.name

    def folded_name(self) -> str:
        """The name as the search index keeps it: without marks."""
        return f"{self.name} {fold(self.name)}"


class ScamTypeGroup(Term):
    """One of the three groups of the national handbook."""

    class Meta(Term.Meta):
        verbose_name = _("scam type group")
        verbose_name_plural = _("scam type groups")


class ScamType(Term):
    """A form of scam; the 24 of the national handbook (2023) keep their official number."""

    group = models.ForeignKey(
        ScamTypeGroup, on_delete=models.PROTECT, related_name="scam_types", verbose_name=_("group")
    )
    official_no = models.PositiveSmallIntegerField(
        _("official number"),
        null=True,
        blank=True,
        unique=True,
        help_text=_("1–24 in the national handbook."),
    )
    official_name = models.CharField(_("official name"), max_length=200, blank=True)

    panels = [
        *Term.panels,
        FieldPanel("group"),
        FieldPanel("official_no"),
        FieldPanel("official_name"),
    ]

    search_fields = [*Term.search_fields, *map(index.FilterField, ("group", "official_no"))]

    class Meta(Term.Meta):
        verbose_name = _("scam type")
        verbose_name_plural = _("scam types")


class Audience(Term):
    """A group of people a warning speaks to."""

    class Scope(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")

    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.PUBLIC)

    panels = [*Term.panels, FieldPanel("scope")]

    search_fields = [*Term.search_fields, index.FilterField("scope")]

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class SourceKind(Term):
    """What a source is: handbook, advisory, law, press, verified report."""

    class Meta(Term.Meta):
        verbose_name = _("kind of source")
        verbose_name_plural = _("kinds of source")


class ContentCategory(Term):
    """One of the four content categories the campaign reports count by."""

    description = models.TextField(_("description"), blank=True)

    panels = [*Term.panels, FieldPanel("description")]

    class Meta(Term.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Hotline(Term):
    """Where a citizen turns to. Only confirmed entries are shown."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        SMS = "sms", _("Text message")
        PHONE_SMS = "phone_sms", _("Phone and text message")
        APP = "app", _("App")
        WEB = "web", _("Website")
        OFFICE = "office", _("Office")

    value = models.CharField(_("number or address"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PHONE)
    use = models.TextField(_("what it is for"), blank=True)
    use_en = models.TextField(_("what it is for, in English"), blank=True)
    shown = models.BooleanField(
        _("show to the public"), default=False, help_text=_("Only numbers the authority has confirmed.")
    )

    panels = [
        *Term.panels,
        FieldPanel("value"),
        FieldPanel("kind"),
        FieldPanel("use"),
        FieldPanel("use_en"),
        FieldPanel("shown"),
    ]

    search_fields = [*Term.search_fields, *map(index.FilterField, ("value", "kind", "shown"))]

    class Meta(Term.Meta):
        verbose_name = _("hotline")
        verbose_name_plural = _("hotlines")
