"""The report of all deliveries of all warnings."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView

from django_filters import CharFilter, ChoiceFilter, MultipleChoiceFilter

from cms.users import scope
from publishers import panel, registry
from publishers.centre.access import SEE
from publishers.models import Delivery
from publishers.states import State


class DeliveryFilterSet(WagtailFilterSet):
    """By state, by kind of channel, by reference code or title."""

    reference = CharFilter(method="find", label=gettext_lazy("Reference code or title"))
    state = MultipleChoiceFilter(
        choices=State.choices, label=gettext_lazy("State"), widget=forms.CheckboxSelectMultiple
    )
    kind = ChoiceFilter(
        field_name="channel__kind", choices=registry.choices, label=gettext_lazy("Kind of channel")
    )

    class Meta:
        model = Delivery
        fields: list[str] = []

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Deliveries of the release with this code, or of warnings with these words in their title."""
        words = value.replace("\0", "").strip()
        return queryset.filter(release__reference__icontains=words) | queryset.filter(
            release__page__title__icontains=words
        )


class DeliveryColumn(BaseColumn):
    """A cell of the report; its template sees the line as ``line``."""

    def __init__(self, name: str, label: Any) -> None:
        super().__init__(name, label=label)
        self.cell_template_name = f"publishers/delivery_{name}_cell.html"

    def get_cell_context_data(self, instance: Delivery, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        request: HttpRequest = context["request"]
        may_change = panel.may_change(request.user, instance.release.page.unit_id)
        context["line"] = panel.row(instance, may_change=may_change, back=reverse("publishers:deliveries"))
        return context


class DeliveryReport(ReportView):
    """All deliveries, the newest first."""

    model = Delivery
    any_permission_required = ["view", "change"]
    page_title = gettext_lazy("Deliveries")
    header_icon = "upload"
    index_url_name = "publishers:deliveries"
    index_results_url_name = "publishers:deliveries_results"
    template_name = "publishers/deliveries_report.html"
    results_template_name = "publishers/deliveries_report_results.html"
    filterset_class = DeliveryFilterSet
    list_export: list[str] = []
    columns = [
        DeliveryColumn("warning", gettext_lazy("Warning")),
        DeliveryColumn("channel", gettext_lazy("Channel")),
        DeliveryColumn("state", gettext_lazy("State")),
        DeliveryColumn("time", gettext_lazy("Time")),
        DeliveryColumn("attempts", gettext_lazy("Attempts")),
        DeliveryColumn("link", gettext_lazy("Post")),
        DeliveryColumn("next", gettext_lazy("Cause and next step")),
    ]

    def get_queryset(self) -> Any:
        rows = scope.visible(Delivery.objects.all(), self.request.user, *SEE)
        return rows.select_related("channel", "release", "release__page").order_by("-created_at", "-pk")
