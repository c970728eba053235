"""Pages of the admin about deliveries, and what a person does with them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.reports import ReportView

from django_filters import CharFilter, ChoiceFilter, MultipleChoiceFilter

from publishers import panel, registry, services
from publishers.contracts import PublishError
from publishers.forms import CancelForm, PostedForm, ResendAfterLookingForm, ResendForm
from publishers.models import Channel, Delivery
from publishers.states import State
from scam_warnings.models import ScamWarningPage


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
        may_change = request.user.has_perm("publishers.change_delivery")
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
        rows = Delivery.objects.select_related("channel", "release", "release__page")
        return rows.order_by("-created_at", "-pk")


@require_GET
@never_cache
def page_deliveries(request: HttpRequest, page_id: int) -> HttpResponse:
    """The panel of one warning, as a fragment to refresh it with."""
    _require(request, "publishers.view_delivery", "publishers.change_delivery")
    get_object_or_404(ScamWarningPage, pk=page_id)
    back = get_valid_next_url_from_request(request) or reverse("publishers:deliveries")
    return render(request, "publishers/deliveries_panel.html", panel.context(page_id, request.user, back))


@require_POST
def channel_check(request: HttpRequest, pk: int) -> HttpResponse:
    """«Kiểm tra kết nối»: one harmless call, and what came of it."""
    _require(request, "publishers.change_channel")
    channel = get_object_or_404(Channel, pk=pk)
    back = get_valid_next_url_from_request(request) or reverse("publishers_channels:index")
    try:
        identity = services.check_channel(channel)
    except PublishError as error:
        messages.error(request, f"{channel}: {error.sentence}")
    else:
        messages.success(
            request,
            _("“%(channel)s” works: it speaks as “%(name)s”.") % {"channel": channel, "name": identity.name},
        )
    return redirect(back)


def delivery_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again, with a reason."""
    delivery, user = _delivery(request, pk)
    form_class = ResendAfterLookingForm if delivery.state == State.AWAITING_PERSON else ResendForm

    def act(data: dict[str, Any]) -> None:
        services.resend(delivery, user, data["reason"], looked=bool(data.get("looked")))

    return _act(
        request,
        delivery,
        form_class,
        act,
        title=_("Retry"),
        done=_("It is sent again; the table shows how it goes."),
    )


def delivery_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a delivery up."""
    delivery, user = _delivery(request, pk)

    def act(data: dict[str, Any]) -> None:
        services.cancel(delivery, user, data["reason"])

    return _act(
        request,
        delivery,
        CancelForm,
        act,
        title=_("Cancel the delivery"),
        done=_("The delivery is cancelled."),
    )


def delivery_posted(request: HttpRequest, pk: int) -> HttpResponse:
    """A person saw the post and says where."""
    delivery, user = _delivery(request, pk)

    def act(data: dict[str, Any]) -> None:
        services.mark_posted(delivery, user, data["url"])

    return _act(
        request, delivery, PostedForm, act, title=_("Confirm the post"), done=_("The post is on record.")
    )


def _act(
    request: HttpRequest,
    delivery: Delivery,
    form_class: type[forms.Form],
    act: Callable[[dict[str, Any]], None],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    back = get_valid_next_url_from_request(request) or reverse("publishers:deliveries")
    initial = {"url": delivery.remote_url}
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(back)
    may_change = request.user.has_perm("publishers.change_delivery")
    line = panel.row(delivery, may_change=may_change, back=back)
    return render(
        request,
        "publishers/delivery_action.html",
        {"form": form, "line": line, "title": title, "back": back},
        status=422 if form.errors else 200,
    )


def _delivery(request: HttpRequest, pk: int) -> tuple[Delivery, AbstractBaseUser]:
    _require(request, "publishers.change_delivery")
    if not request.user.is_authenticated:
        raise PermissionDenied
    delivery = get_object_or_404(
        Delivery.objects.select_related("channel", "release", "release__page"), pk=pk
    )
    return delivery, request.user


def _require(request: HttpRequest, *permissions: str) -> None:
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied
