"""Wagtail's editor for warnings: its “submit” button saves, then leads to our submission page."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from scam_warnings.models import ScamWarningPage


class _SubmitsOnItsOwnPage:
    """Nothing typed is lost: the form is checked as for a submission and saved; the workflow starts elsewhere."""

    page: Any

    def submit_action(self) -> HttpResponse:
        saved = self.save_action()  # type: ignore[attr-defined]
        if not isinstance(saved, HttpResponseRedirect):
            return saved
        return redirect("editorial:submit", self.page.pk)

    def restart_workflow_action(self) -> HttpResponse:
        return self.submit_action()


class WarningEditView(_SubmitsOnItsOwnPage, EditView):
    """Editing a warning."""


class WarningCreateView(_SubmitsOnItsOwnPage, CreateView):
    """A new warning."""


class WarningViewSet(PageViewSet):
    """The views Wagtail uses for warnings."""

    model = ScamWarningPage
    name = "warnings"
    add_view_class = WarningCreateView
    edit_view_class = WarningEditView
    # The explorer below the list of warnings stays Wagtail's own.
    parent_models: tuple[Any, ...] = ()
