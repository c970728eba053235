"""All releases, and one release with all its channels."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from django_filters import CharFilter, ChoiceFilter

from cms.users import scope
from publishers import clock, closing, halt, panel, progress, registry, scheduling, tampering
from publishers.centre import next_steps
from publishers.centre.access import SEE, may_everywhere, require_view
from publishers.models import Delivery, Release
from publishers.states import State

PER_PAGE = 50


class ReleaseFilterSet(WagtailFilterSet):
    """By kind, by reference code or title."""

    words = CharFilter(method="find", label=_("Reference code or title"))
    kind = ChoiceFilter(choices=Release.Kind.choices, label=_("Kind"))

    class Meta:
        model = Release
        fields: list[str] = []

    def find(self, queryset: Any, name: str, value: str) -> Any:
        """Releases with this code, or of warnings with these words in their title."""
        words = value.replace("\0", "").strip()
        return queryset.filter(Q(reference__icontains=words) | Q(page__title__icontains=words))


class ReleaseColumn(BaseColumn):
    """A cell; its template sees the release as ``instance`` and its figures as ``progress``."""

    def __init__(self, name: str, label: Any) -> None:
        super().__init__(name, label=label)
        self.cell_template_name = f"publishers/centre/{name}_cell.html"

    def get_cell_context_data(self, instance: Release, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        # One query for the whole page of the list, kept in the table's own context.
        shown = parent_context["table"].data
        figures = getattr(parent_context["table"], "figures", None)
        if figures is None:
            figures = parent_context["table"].figures = progress.of_releases([row.pk for row in shown])
        context["progress"] = figures.get(instance.pk, progress.Progress({}))
        return context


class ReleaseIndex(ReportView):
    """All releases, the newest first."""

    model = Release
    # Whoever may see deliveries may see what they belong to.
    permission_policy = ModelPermissionPolicy(Delivery)
    any_permission_required = ["view", "change"]
    page_title = _("Releases")
    header_icon = "upload"
    index_url_name = "publishers:releases"
    index_results_url_name = "publishers:releases_results"
    template_name = "publishers/centre/releases.html"
    results_template_name = "publishers/centre/releases_results.html"
    filterset_class = ReleaseFilterSet
    list_export: list[str] = []
    columns = [
        ReleaseColumn("warning", _("Warning")),
        ReleaseColumn("kind", _("Kind")),
        ReleaseColumn("signed", _("Approved")),
        ReleaseColumn("progress", _("Channels")),
    ]

    def get_queryset(self) -> Any:
        rows = scope.visible(Release.objects.all(), self.request.user, *SEE)
        return rows.select_related("page", "approved_by").order_by("-sealed_at", "-pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {
            "halt": halt.standing(),
            "may_halt": may_everywhere(self.request.user, "publishers.add_halt"),
        }


class ChannelFilterForm(forms.Form):
    """Which of a release's channels are shown."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind of channel"), required=False)
    q = forms.CharField(label=_("Channel or area"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states: list[Any] = [("", _("All states")), *State.choices]
        self.fields["state"] = forms.ChoiceField(label=_("State"), required=False, choices=states)
        kinds: list[Any] = [("", _("All kinds")), *registry.choices()]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of channel"), required=False, choices=kinds)


def chosen(release: Release, form: ChannelFilterForm) -> QuerySet[Delivery]:
    """The deliveries of ``release`` that ``form`` asks for, what needs somebody first."""
    rows = Delivery.objects.filter(release=release).select_related(
        "channel", "release__page", "payload", "follows"
    )
    if form.is_valid():
        if form.cleaned_data["state"]:
            rows = rows.filter(state=form.cleaned_data["state"])
        if form.cleaned_data["kind"]:
            rows = rows.filter(channel__kind=form.cleaned_data["kind"])
        words = form.cleaned_data["q"].replace("\0", "").strip()
        if words:
            rows = rows.filter(Q(channel__name__icontains=words) | Q(channel__area__icontains=words))
    return rows.order_by(_urgency(), "channel__sort_order", "channel__name", "pk")


@require_GET
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One release: figures, filters, and its channels page by page."""
    require_view(request)
    context = _context(request, pk)
    context["steps"] = next_steps.steps(request.user, context["release"])
    return render(request, "publishers/centre/release.html", context)


@require_GET
@never_cache
def progress_fragment(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; 304 while nothing has changed."""
    require_view(request)
    found = get_object_or_404(Release, pk=pk)
    tag = f'"{progress.version(found)}-{request.GET.urlencode()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    response = render(request, "publishers/centre/release_progress.html", _context(request, pk))
    response["ETag"] = tag
    return response


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    found = get_object_or_404(Release.objects.select_related("page", "approved_by"), pk=pk)
    form = ChannelFilterForm(request.GET)
    asked = request.GET.get("p", "1")
    page = Paginator(chosen(found, form), PER_PAGE).get_page(asked if asked.isdigit() else 1)
    query = request.GET.copy()
    query.pop("p", None)
    here = reverse("publishers:release", args=[found.pk])
    back = f"{here}?{request.GET.urlencode()}" if request.GET else here
    timed, now = closing.clock_of(found), clock.now()
    return {
        "release": found,
        "tampered": tampering.standing(found),
        "clock": timed,
        "clock_shown": timed.shown(now) if timed else "",
        "overdue": timed is not None and timed.is_overdue(now),
        "held": scheduling.of_releases([found.pk]).get(found.pk),
        "progress": progress.of_release(found),
        "form": form,
        "rows": panel.rows(page.object_list, request.user, back),
        "page_obj": page,
        "query": query.urlencode(),
        "back": back,
        "halt": halt.standing(),
        "may_change": panel.may_change(request.user, found.page.unit_id),
        "may_halt": may_everywhere(request.user, "publishers.add_halt"),
    }


def _urgency() -> Any:
    whens = [When(state=state, then=Value(place)) for place, state in enumerate(progress.ORDER)]
    return Case(*whens, default=Value(99), output_field=IntegerField())
