"""The sources an authority has registered: whose word a warning may rest on, and whose addresses may be linked."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.core.sanitise import ALLOWED_LINK_HOSTS
from scam_warnings.taxonomy import SourceKind, Term


class OfficialSource(Term):
    """A body whose publications count as an official source of a warning."""

    kind = models.ForeignKey(
        SourceKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of source")
    )
    domain = models.CharField(
        _("web domain"),
        max_length=120,
        blank=True,
        validators=[
            RegexValidator(
                r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}\Z",
                _("Write the domain alone, in lower case, for example bocongan.gov.vn."),
            )
        ],
        help_text=_("Addresses and e-mail below this domain may stand in warnings as they are."),
    )
    active = models.BooleanField(
        pgettext_lazy("of a source", "in use"),
        default=True,
        help_text=_("Switched off, it cannot be chosen any more and no longer counts as an official source."),
    )

    panels = [*Term.panels, FieldPanel("kind"), FieldPanel("domain"), FieldPanel("active")]
    search_fields = [
        *Term.search_fields,
        index.SearchField("domain"),
        *map(index.FilterField, ("domain", "kind", "active")),
    ]

    class Meta(Term.Meta):
        verbose_name = _("official source")
        verbose_name_plural = _("official sources")


def source_choices() -> list[tuple[str, str]]:
    """(key, name) of every source an editor may choose, those in use first."""
    return [
        (source.key, source.name if source.active else _("%s (no longer in use)") % source.name)
        for source in OfficialSource.objects.order_by("-active", "sort_order", "name")
    ]


def official_domains() -> set[str]:
    """Every domain whose addresses may stand in a warning: the state's, the registered ones, our own portal."""
    registered = (
        OfficialSource.objects.filter(active=True).exclude(domain="").values_list("domain", flat=True)
    )
    own = settings.PUBLIC_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    return {*ALLOWED_LINK_HOSTS, *registered, own.lower()}
