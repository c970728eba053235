"""Báo cáo → Nhật ký hệ thống: the whole trail, for those who may read it."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView

from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter

from cms.audit import actions, showing
from cms.audit.models import Entry, Way
from cms.core.text import fold
from cms.users.policies import ProvincePolicy

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _kinds() -> list[tuple[str, str]]:
    found = Entry.objects.order_by("object_type").values_list("object_type", flat=True).distinct()
    return sorted(((name, showing.kind(name)) for name in found if name), key=lambda choice: choice[1])


class AuditFilterSet(WagtailFilterSet):
    """By words, person, act, kind of object, door and days."""

    words = CharFilter(method="find", label=_("Words, with or without marks"))
    person = CharFilter(method="by", label=_("Person or sign-in name"))
    action = ChoiceFilter(choices=actions.choices, label=_("Action"))
    object_type = ChoiceFilter(choices=_kinds, label=_("Kind of object"))
    way = ChoiceFilter(choices=Way.choices, label=_("Way in"))
    address = CharFilter(label=_("IP address"))
    at = DateFromToRangeFilter(label=_("Period"), widget=DateRangePickerWidget)
    object_id = CharFilter(
        label=_("Number of the object"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def find(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Entries that hold every one of the words."""
        for word in fold(value.replace("\0", "")).split()[:8]:
            queryset = queryset.filter(folded__contains=word)
        return queryset

    def by(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Entries of the person with this name, as it was then, or this sign-in name."""
        words = value.replace("\0", "").strip()
        return queryset.filter(Q(login__icontains=words) | Q(actor__icontains=words))


class EntryColumn(BaseColumn):
    """A cell; its template sees the entry as ``instance`` and the words for it."""

    def __init__(self, name: str, label: Any, **kwargs: Any) -> None:
        super().__init__(name, label=label, **kwargs)
        self.cell_template_name = f"audit/{name}_cell.html"

    def get_cell_context_data(self, instance: Entry, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {
            "action": showing.action(instance),
            "who": showing.who(instance),
            "kind": showing.kind(instance.object_type) if instance.object_type else "",
            "summary": showing.summary(instance),
        }


class AuditReport(ReportView):
    """All entries, the newest first."""

    model = Entry
    # It names objects of every unit.
    permission_policy = ProvincePolicy(Entry)
    any_permission_required = ["view"]
    page_title = _("Audit log")
    header_icon = "history"
    index_url_name = "audit:index"
    index_results_url_name = "audit:results"
    template_name = "audit/report.html"
    results_template_name = "audit/report_results.html"
    filterset_class = AuditFilterSet
    default_ordering = "-id"
    columns = [
        EntryColumn("time", _("Time")),
        EntryColumn("who", _("Person")),
        EntryColumn("act", _("Action")),
        EntryColumn("object", _("Object")),
        EntryColumn("from", _("From where")),
    ]
    list_export = [
        "id",
        "at",
        "actor",
        "login",
        "unit",
        "action",
        "object_type",
        "object_id",
        "object_label",
        "address",
        "way",
        "place",
        "changes",
        "details",
    ]
    export_headings = {"changes": _("Changes"), "details": _("Details"), "place": _("Page or command")}

    def get_queryset(self) -> QuerySet[Entry]:
        return Entry.objects.order_by("-id")

    def get_filename(self) -> str:
        return f"nhat-ky-{timezone.localdate():%Y-%m-%d}"

    def to_row_dict(self, item: Entry) -> Any:
        row = super().to_row_dict(item)
        row["at"] = timezone.localtime(item.at).strftime("%Y-%m-%d %H:%M:%S")
        row["action"] = showing.action(item)
        row["object_type"] = showing.kind(item.object_type) if item.object_type else ""
        row["way"] = item.get_way_display()
        return {name: _harmless(value) for name, value in row.items()}


def _harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(value, (str, SafeString)) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def link_to_object(entry: Entry) -> str:
    """The log of the same object alone."""
    return f"{reverse('audit:index')}?object_type={entry.object_type}&object_id={entry.object_id}"
