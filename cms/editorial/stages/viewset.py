"""«Các bước duyệt»: which unit asks for which stages, for administrators."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.editorial.stages.lanes import ApprovalPath
from cms.users import scope
from cms.users.models import Unit
from cms.users.person_forms import UnitChoice, offered_units


class ApprovalPathForm(forms.ModelForm):
    """Only for units within reach."""

    unit = UnitChoice(queryset=Unit.objects.none(), label=_("Unit"), empty_label=_("Choose a unit"))

    class Meta:
        model = ApprovalPath
        fields = ["unit", "severity", "stages"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        by = kwargs.pop("for_user")
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = offered_units(by, "editorial.add_approvalpath", "editorial.change_approvalpath")
        unit.help_text = _("Holds for the units below too, unless one of them has an entry of its own.")


class _KnowsWho:
    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return kwargs | {"for_user": self.request.user}


class PathIndexView(generic.IndexView):
    """The entries within reach, from the province down."""

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().select_related("unit")
        return scope.visible(
            rows, self.request.user, "editorial.view_approvalpath", "editorial.change_approvalpath"
        )


class PathAddView(_KnowsWho, generic.CreateView):
    """A new entry."""


class PathEditView(_KnowsWho, generic.EditView):
    """An entry; what is under way keeps its stages."""


class ApprovalPathViewSet(ModelViewSet):
    """«Các bước duyệt»."""

    model = ApprovalPath
    name = "cac-buoc-duyet"
    url_namespace = "editorial_paths"
    icon = "tasks"
    menu_label = _("Approval stages")
    menu_order = 610
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = PathIndexView
    add_view_class = PathAddView
    edit_view_class = PathEditView
    ordering = ["unit__path", "severity"]
    list_display = [
        "unit",
        Column("severity", label=_("Severity"), accessor="get_severity_display"),
        Column("stages", label=_("Stages"), accessor="get_stages_display"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[ApprovalPathForm]:
        return ApprovalPathForm
