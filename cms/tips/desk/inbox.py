"""All tips: by state, kind, place, person, and by words that are read from the encrypted texts."""

from typing import Any, Final

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView

from django_filters import (
    CharFilter,
    ChoiceFilter,
    DateFromToRangeFilter,
    MultipleChoiceFilter,
)

from cms.core.text import clip, fold
from cms.tips import receipts, story
from cms.tips.desk.access import tips
from cms.tips.models import Mark, Picture, State, Tip
from cms.users import scope
from cms.users.models import Unit
from scam_warnings.taxonomy import ScamType

READ: Final = 2000
"""Tips a search by words reads, the newest: each has to be decrypted."""
SHOWN: Final = 110
NONE: Final = "none"
ONLY: Final = (("mine", _("Assigned to me")), ("harmed", _("Money or codes are gone")))


def _types() -> list[tuple[str, str]]:
    rows = ScamType.objects.order_by("sort_order", "name").values_list("pk", "name")
    return [(NONE, str(_("Not said"))), *((str(pk), name) for pk, name in rows)]


class TipFilterSet(WagtailFilterSet):
    """By words, state, kind, place, person and days."""

    words = CharFilter(method="find", label=_("Words or receipt code"))
    state = MultipleChoiceFilter(choices=State.choices, label=_("State"), widget=forms.CheckboxSelectMultiple)
    kind = ChoiceFilter(choices=_types, method="of_type", label=_("Scam type"))
    place = ChoiceFilter(method="of_unit", label=_("Unit"))
    only = MultipleChoiceFilter(
        choices=ONLY,
        method="of_these",
        label=pgettext_lazy("tips", "Only"),
        widget=forms.CheckboxSelectMultiple,
    )
    mark = CharFilter(method="with_mark", label=_("The same number or address"), widget=forms.HiddenInput)
    received_at = DateFromToRangeFilter(label=_("Period"), widget=DateRangePickerWidget)

    class Meta:
        model = Tip
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = scope.visible(Unit.objects.order_by("name"), self.request.user)
        self.filters["place"].extra["choices"] = [
            (NONE, str(_("Not said"))),
            *((str(pk), name) for pk, name in units.values_list("pk", "name")),
        ]

    def find(self, queryset: QuerySet[Tip], name: str, value: str) -> QuerySet[Tip]:
        """Tips that say every one of the words; or the one with this receipt code."""
        digest = receipts.digest_of(value)
        if digest and queryset.filter(code_digest=digest).exists():
            return queryset.filter(code_digest=digest)
        words = fold(value.replace("\0", "")).split()[:8]
        read = queryset.filter(erased_at__isnull=True).order_by("-received_at", "-pk")[:READ]
        found = [tip.pk for tip in read if _says(tip, words)]
        return queryset.filter(pk__in=found)

    def of_type(self, queryset: QuerySet[Tip], name: str, value: str) -> QuerySet[Tip]:
        """Tips of one scam type."""
        if value == NONE:
            return queryset.filter(scam_type__isnull=True)
        return queryset.filter(scam_type_id=int(value))

    def of_unit(self, queryset: QuerySet[Tip], name: str, value: str) -> QuerySet[Tip]:
        """Tips from one place."""
        return queryset.filter(unit__isnull=True) if value == NONE else queryset.filter(unit_id=int(value))

    def of_these(self, queryset: QuerySet[Tip], name: str, value: list[str]) -> QuerySet[Tip]:
        """Tips the person in front of the screen looks after; of people who lost something."""
        if "mine" in value:
            queryset = queryset.filter(assigned_to=self.request.user)
        if "harmed" in value:
            queryset = queryset.filter(is_harmed=True)
        return queryset

    def with_mark(self, queryset: QuerySet[Tip], name: str, value: str) -> QuerySet[Tip]:
        """Tips that name the same."""
        return queryset.filter(Exists(Mark.objects.filter(tip=OuterRef("pk"), digest=value[:64])))


def _says(tip: Tip, words: list[str]) -> bool:
    told = story.of(tip)
    if told is None:
        return False
    text = fold(f"{told.text}\n{told.traces}")
    return all(word in text for word in words)


class TipColumn(BaseColumn):
    """A cell; its template sees the tip as ``tip``."""

    def __init__(self, name: str, label: Any) -> None:
        super().__init__(name, label=label)
        self.cell_template_name = f"tips/desk/{name}_cell.html"

    def get_cell_context_data(self, instance: Tip, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        told = story.of(instance) if self.name == "story" else None
        return context | {
            "tip": instance,
            "beginning": clip(" ".join(told.text.split()), SHOWN) if told else "",
        }


class Inbox(ReportView):
    """Every tip within reach, the newest first."""

    model = Tip
    any_permission_required = ["view", "change"]
    page_title = _("Tips from citizens")
    header_icon = "mail"
    index_url_name = "tips:inbox"
    index_results_url_name = "tips:inbox_results"
    template_name = "tips/desk/inbox.html"
    results_template_name = "tips/desk/inbox_results.html"
    filterset_class = TipFilterSet
    list_export: list[str] = []
    columns = [
        TipColumn("story", _("Tip")),
        TipColumn("group", _("Type and place")),
        TipColumn("state", _("State")),
        TipColumn("hints", pgettext_lazy("of a tip", "Hints")),
        TipColumn("received", _("Received")),
    ]

    def get_queryset(self) -> QuerySet[Tip]:
        same = Mark.objects.filter(
            digest__in=Mark.objects.filter(tip=OuterRef(OuterRef("pk"))).values("digest")
        )
        same = same.exclude(tip=OuterRef("pk")).order_by()
        pictures = Picture.objects.filter(tip=OuterRef("pk"))
        rows = tips(self.request.user).annotate(has_pictures=Exists(pictures), is_shared=Exists(same))
        return rows.select_related("scam_type", "unit", "assigned_to").order_by("-received_at", "-pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        open_ones = tips(self.request.user).filter(state=State.NEW).count()
        return context | {"new_ones": open_ones}
